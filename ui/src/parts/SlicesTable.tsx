/** Slices of time as they were judged, newest first. */
import { ScrollArea, Table, Text } from '@mantine/core';
import type { ExplainedSlice } from '../api/types';
import { bothZones, count, exactShare, timeOfDay } from '../app/format';

export function SlicesTable({ slices }: { slices: ExplainedSlice[] }) {
  return (
    <ScrollArea.Autosize
      mah={360}
      type="auto"
      viewportProps={{ tabIndex: 0, 'aria-label': 'Slices' }}
    >
      <Table
        stickyHeader
        verticalSpacing={3}
        horizontalSpacing="xs"
        style={{ whiteSpace: 'nowrap' }}
      >
        <Table.Thead bg="var(--mantine-color-body)">
          <Table.Tr>
            <Table.Th>From, UTC</Table.Th>
            {['Good', 'Bad', 'All'].map((head) => (
              <Table.Th key={head} ta="right">
                {head}
              </Table.Th>
            ))}
            <Table.Th>Counts as</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {slices.toReversed().map((slice) => (
            <Row key={slice.from} slice={slice} />
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}

function Row({ slice }: { slice: ExplainedSlice }) {
  return (
    <Table.Tr c={slice.verdict == null ? 'dimmed' : undefined}>
      <Table.Td title={bothZones(slice.from)}>{timeOfDay(slice.from)}</Table.Td>
      <Table.Td ta="right">{count(slice.good)}</Table.Td>
      <Table.Td ta="right">{count(slice.total - slice.good)}</Table.Td>
      <Table.Td ta="right">{count(slice.total)}</Table.Td>
      <Table.Td>
        <Verdict of={slice.verdict ?? null} />
      </Table.Td>
    </Table.Tr>
  );
}

function Verdict({ of }: { of: number | null }) {
  if (of === null) return 'not judged, hardly seen';
  if (of === 1) return 'good';
  return (
    <Text span inherit fw={700} c="var(--exhausted-ink)">
      {of === 0 ? 'bad' : `${exactShare(of)} good`}
    </Text>
  );
}
