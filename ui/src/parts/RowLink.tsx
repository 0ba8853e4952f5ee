/** The link of a row: what Enter opens; on a phone the whole card is the link. */
import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef } from 'react';

function Anchor(props: ComponentPropsWithRef<'a'>) {
  return <a {...props} className="row-link" data-row-link />;
}

export const RowLink = createLink(Anchor);
