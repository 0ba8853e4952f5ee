/** Nothing fits the filters: said, with the way back. */
import { Button, Group } from '@mantine/core';
import { Empty } from './Empty';

export function NoMatch({ what, onAll }: { what: string; onAll: () => void }) {
  return (
    <Empty title={`No ${what} matches`}>
      Nothing fits all of these filters together.
      <Group mt="sm">
        <Button variant="default" size="sm" onClick={onAll}>
          Show all
        </Button>
      </Group>
    </Empty>
  );
}
