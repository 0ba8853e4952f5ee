/** Nothing fits the filters: said, with the way back. */
import { Button, Group } from '@mantine/core';
import type { Unknown } from '../app/search';
import { Empty } from './Empty';

interface Props {
  what: string;
  /** The word because of which nothing can fit. */
  unknown?: Unknown | undefined;
  onAll: () => void;
}

export function NoMatch({ what, unknown, onAll }: Props) {
  return (
    <Empty title={`No ${what} matches`}>
      {unknown === undefined
        ? 'Nothing fits all of these filters together.'
        : `The filter “${unknown.filter}” does not know “${unknown.word}”: its words are ${unknown.words.join(', ')}.`}
      <Group mt="sm">
        <Button variant="default" size="sm" onClick={onAll}>
          Show all
        </Button>
      </Group>
    </Empty>
  );
}
