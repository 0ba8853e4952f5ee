/**
 * The rows of the list: a table on a wide screen, cards on a phone. Only rows near the screen
 * exist. j and k move the focus from row to row, so that Enter opens the one in focus.
 */
import { Box, Group, Paper, Stack, Table, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState } from 'react';
import type { Slo } from '../../api/types';
import { burn, exactShare, interval, share, windowText } from '../../app/format';
import { usePhone } from '../../app/screen';
import { nameOf, pace } from '../../app/words';
import { Ago } from '../../parts/Ago';
import { BudgetGauge } from '../../parts/BudgetGauge';
import { State, Status } from '../../parts/Status';

export function SloRows({ slos }: { slos: Slo[] }) {
  const phone = usePhone();
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(box.current?.offsetTop ?? 0), []);
  const rows = useWindowVirtualizer({
    count: slos.length,
    estimateSize: () => (phone ? 108 : 53),
    overscan: 12,
    scrollMargin: top,
    initialRect: { width: window.innerWidth, height: window.innerHeight },
  });
  useRowKeys(slos.length, box, (index) => rows.scrollToIndex(index));
  const shown = rows.getVirtualItems();
  const before = (shown[0]?.start ?? top) - top;
  const after = rows.getTotalSize() - ((shown.at(-1)?.end ?? top) - top);
  const items = shown.flatMap(({ index }) => {
    const slo = slos[index];
    return slo === undefined ? [] : [{ slo, index, measure: rows.measureElement }];
  });
  return (
    <Box ref={box}>
      {phone ? <Cards {...{ items, before, after }} /> : <Rows {...{ items, before, after }} />}
    </Box>
  );
}

interface Windowed {
  items: { slo: Slo; index: number; measure: (row: Element | null) => void }[];
  before: number;
  after: number;
}

function Rows({ items, before, after }: Windowed) {
  return (
    <Paper withBorder bg="var(--surface)">
      <Table highlightOnHover verticalSpacing={8} horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            {['Status', 'SLO', 'Budget left', 'Burn', 'Objective', 'Window', 'Data up to'].map(
              (head) => (
                <Table.Th key={head}>{head}</Table.Th>
              ),
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {before > 0 && <Table.Tr h={before} aria-hidden />}
          {items.map(({ slo, index, measure }) => (
            <Table.Tr key={slo.name} data-index={index} ref={measure}>
              <Table.Td>
                <States slo={slo} />
              </Table.Td>
              <Table.Td>
                <NameLink slo={slo} />
              </Table.Td>
              <Table.Td>
                <Budget slo={slo} />
              </Table.Td>
              <Table.Td>{burn(pace(slo))}</Table.Td>
              <Table.Td>{exactShare(slo.objective)}</Table.Td>
              <Table.Td>{windowText(slo.window)}</Table.Td>
              <Table.Td>
                {slo.watermark == null ? (
                  <Text c="dimmed" component="span">
                    never
                  </Text>
                ) : (
                  <Ago at={slo.watermark} />
                )}
              </Table.Td>
            </Table.Tr>
          ))}
          {after > 0 && <Table.Tr h={after} aria-hidden />}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

function Cards({ items, before, after }: Windowed) {
  return (
    <Box pt={before} pb={after}>
      {items.map(({ slo, index, measure }) => (
        <Box key={slo.name} data-index={index} ref={measure} pb={8}>
          <Paper withBorder bg="var(--surface)" p="sm" className="row-card" pos="relative">
            <Group justify="space-between" wrap="nowrap" align="flex-start">
              <NameLink slo={slo} whole />
              <States slo={slo} />
            </Group>
            <Group justify="space-between" mt={8} wrap="nowrap">
              <Budget slo={slo} />
              <Text ta="right" c="dimmed" fz="sm">
                burn {burn(pace(slo))}
                <br />
                {exactShare(slo.objective)} of {windowText(slo.window)}
              </Text>
            </Group>
          </Paper>
        </Box>
      ))}
    </Box>
  );
}

function States({ slo }: { slo: Slo }) {
  return (
    <Stack gap={0} align="flex-start">
      {slo.alert != null && <State code="firing" />}
      <Status status={slo.status} />
    </Stack>
  );
}

/** The link of a row; on a phone the whole card is the link. */
function NameLink({ slo, whole = false }: { slo: Slo; whole?: boolean }) {
  return (
    <Stack gap={0} miw={0}>
      <Link
        to="/slos/$name"
        params={{ name: slo.name }}
        className="row-link"
        data-row-link
        style={{ overflowWrap: 'anywhere' }}
      >
        {nameOf(slo)}
        {whole && <span style={{ position: 'absolute', inset: 0 }} />}
      </Link>
      <Text c="dimmed" fz="sm">
        {slo.service}
        {slo.owner != null && ` · ${slo.owner}`}
      </Text>
    </Stack>
  );
}

function Budget({ slo }: { slo: Slo }) {
  const bounds = { worst: slo.budget_remaining_worst, best: slo.budget_remaining_best };
  const range = interval(bounds);
  return (
    <Group gap="sm" wrap="nowrap">
      <BudgetGauge left={slo.budget_remaining} {...bounds} status={slo.status} size={34} />
      <Stack gap={0}>
        <Text fw={600} lh={1.3}>
          {share(slo.budget_remaining, bounds)}
        </Text>
        {range !== null && (
          <Text c="dimmed" fz="xs" lh={1.3}>
            {range}
          </Text>
        )}
      </Stack>
    </Group>
  );
}

/** j and k from row to row; a row that is still on its way to the screen counts as reached. */
function useRowKeys(
  count: number,
  box: React.RefObject<HTMLDivElement | null>,
  bring: (index: number) => void,
): void {
  const heading = useRef<number | null>(null);
  const arrive = () => {
    const index = heading.current;
    heading.current = null;
    box.current?.querySelector<HTMLElement>(`[data-index="${index}"] [data-row-link]`)?.focus();
  };
  const step = (by: number) => {
    if (count === 0) return;
    if (heading.current === null) requestAnimationFrame(arrive);
    heading.current = Math.min(count - 1, Math.max(0, (heading.current ?? focusedRow()) + by));
    bring(heading.current);
  };
  useHotkeys([
    ['j', () => step(1)],
    ['k', () => step(-1)],
  ]);
}

/** The index of the row that has the focus; −1 when none has. */
function focusedRow(): number {
  return Number(document.activeElement?.closest('[data-index]')?.getAttribute('data-index') ?? -1);
}
