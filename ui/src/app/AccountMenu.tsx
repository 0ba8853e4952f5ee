/** Who is signed in, and the way out. */
import { ActionIcon, Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMe, useSignOut } from '../api/session';
import { Icon } from '../parts/icons';

export function AccountMenu() {
  const me = useMe();
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <ActionIcon
          size={36}
          variant="subtle"
          color="gray"
          aria-label={`Account of ${me.data?.name ?? 'nobody'}`}
        >
          <Icon name="person" size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.data?.name} · {me.data?.role}
        </Menu.Label>
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
