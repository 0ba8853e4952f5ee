/** The menu of what can be done with one of a list; what cannot be taken back stands apart. */
import { Button, Menu } from '@mantine/core';
import { useMenuFocus } from '../../parts/focus';

export interface Deed {
  says: string;
  onAsk: () => void;
}

interface Props {
  /** Whom or what it is about. */
  name: string;
  deeds: Deed[];
  grave: Deed;
}

export function Change({ name, deeds, grave }: Props) {
  const { target, onClose } = useMenuFocus();
  return (
    <Menu position="bottom-end" withArrow onClose={onClose}>
      <Menu.Target>
        <Button
          ref={target}
          size="compact-sm"
          variant="default"
          style={{ flex: 'none' }}
          aria-label={`Change ${name}`}
        >
          Change…
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {deeds.map(({ says, onAsk }) => (
          <Menu.Item key={says} onClick={onAsk}>
            {says}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item c="var(--exhausted-ink)" onClick={grave.onAsk}>
          {grave.says}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
