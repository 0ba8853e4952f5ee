/**
 * Who is signed in, and the way to their account and out. The menu is loaded when it is first
 * opened.
 */
import { ActionIcon } from '@mantine/core';
import { useState } from 'react';
import { useMe } from '../api/session';
import { Icon } from '../parts/icons';
import { later } from '../parts/later';

const Opened = later(() => import('./AccountItems').then((m) => m.AccountItems));

export function AccountMenu() {
  const me = useMe();
  const [wanted, want] = useState(false);
  const button = (
    <ActionIcon
      size={36}
      variant="subtle"
      color="gray"
      aria-label={`Account of ${me.data?.name ?? 'nobody'}`}
      aria-haspopup="menu"
      onClick={() => want(true)}
    >
      <Icon name="person" size={18} />
    </ActionIcon>
  );
  return wanted ? <Opened me={me.data} meanwhile={button} onClose={() => want(false)} /> : button;
}
