/** The link of a row: what Enter opens; on a phone the whole card is the link. */
import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef } from 'react';
import { usePhone } from '../app/screen';

function Anchor({ children, ...props }: ComponentPropsWithRef<'a'>) {
  const whole = usePhone();
  return (
    <a {...props} className="row-link" data-row-link style={{ overflowWrap: 'anywhere' }}>
      {children}
      {whole && <span style={{ position: 'absolute', inset: 0 }} />}
    </a>
  );
}

export const RowLink = createLink(Anchor);
