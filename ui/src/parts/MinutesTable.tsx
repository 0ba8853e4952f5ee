/** Minutes as they were counted, newest first. */
import { ScrollArea, Table, Text } from '@mantine/core';
import type { ExplainedMinute } from '../api/types';
import { bothZones, count, share, timeOfDay } from '../app/format';

export function MinutesTable({ minutes }: { minutes: ExplainedMinute[] }) {
  if (minutes.length === 0) return <Text c="dimmed">No minute lies before this instant.</Text>;
  const inferred = minutes.some((minute) => minute.inferred > 0);
  return (
    <ScrollArea.Autosize
      mah={360}
      type="auto"
      viewportProps={{ tabIndex: 0, 'aria-label': 'Minutes' }}
    >
      <Table
        stickyHeader
        verticalSpacing={3}
        horizontalSpacing="xs"
        style={{ whiteSpace: 'nowrap' }}
      >
        <Table.Thead bg="var(--mantine-color-body)">
          <Table.Tr>
            <Table.Th>Minute, UTC</Table.Th>
            {['Good', 'Bad', 'All', ...(inferred ? ['Inferred'] : []), 'Covered'].map((head) => (
              <Table.Th key={head} ta="right">
                {head}
              </Table.Th>
            ))}
            <Table.Th>State</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {minutes.toReversed().map((minute) => (
            <Row key={minute.minute} minute={minute} inferred={inferred} />
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}

function Row({ minute, inferred }: { minute: ExplainedMinute; inferred: boolean }) {
  const gap = minute.coverage === 0;
  return (
    <Table.Tr c={gap ? 'dimmed' : undefined}>
      <Table.Td title={bothZones(minute.minute)}>{timeOfDay(minute.minute)}</Table.Td>
      <Table.Td ta="right">{count(minute.good)}</Table.Td>
      <Table.Td
        ta="right"
        fw={minute.bad > 0 ? 700 : undefined}
        c={minute.bad > 0 ? 'var(--exhausted-ink)' : undefined}
      >
        {count(minute.bad)}
      </Table.Td>
      <Table.Td ta="right">{count(minute.total)}</Table.Td>
      {inferred && <Table.Td ta="right">{count(minute.inferred)}</Table.Td>}
      <Table.Td ta="right">{gap ? 'gap' : share(minute.coverage)}</Table.Td>
      <Table.Td>{minute.state}</Table.Td>
    </Table.Tr>
  );
}
