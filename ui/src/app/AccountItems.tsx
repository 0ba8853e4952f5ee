/** The menu of the account, open from the start. */
import { ActionIcon, Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useSignOut } from '../api/session';
import type { Me } from '../api/types';
import { useMenuFocus } from '../parts/focus';
import { Icon } from '../parts/icons';

export function AccountItems({ me }: { me: Me | null | undefined }) {
  const signOut = useSignOut();
  const { target, onClose } = useMenuFocus();
  return (
    <Menu position="bottom-end" withArrow defaultOpened onClose={onClose}>
      <Menu.Target>
        <ActionIcon
          ref={target}
          size={36}
          variant="subtle"
          color="gray"
          aria-label={`Account of ${me?.name ?? 'nobody'}`}
        >
          <Icon name="person" size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me?.name} · {me?.role}
        </Menu.Label>
        <Menu.Item component={Link} to="/account">
          Your account
        </Menu.Item>
        <Menu.Item component={Link} to="/admin">
          Admin
        </Menu.Item>
        <Menu.Item component={Link} to="/handbook">
          Handbook
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => signOut.mutate()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
