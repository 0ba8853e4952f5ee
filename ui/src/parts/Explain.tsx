/**
 * Why an SLO's numbers are what they are at an instant: the arithmetic, what counts, the minutes,
 * and the series that were routed then. Every number of a page leads here.
 */
import {
  Button,
  Code,
  Drawer,
  Group,
  SegmentedControl,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useExplanation } from '../api/slos';
import type { Explanation } from '../api/types';
import { command } from '../app/command';
import { bothZones, count, share, utc } from '../app/format';
import { useNow } from '../app/now';
import { iso } from '../app/range';
import { usePhone } from '../app/screen';
import { sloSentence } from '../app/words';
import { Command } from './Command';
import { useFocusBack } from './focus';
import { MinutesTable } from './MinutesTable';
import { Problem } from './Problem';
import { SeriesList } from './SeriesList';
import { SlicesTable } from './SlicesTable';
import { Status } from './Status';
import { Icon } from './icons';
import { LoadingBlock } from './Loading';

interface Props {
  slo: string;
  /** The instant; null while closed. */
  at: string | null;
  onClose: () => void;
  onMove: (at: string) => void;
}

const MINUTES = ['15', '60', '240'];
const MINUTE_MS = 60_000;

export function Explain({ slo, at, onClose, onMove }: Props) {
  const phone = usePhone();
  return (
    <Drawer
      opened={at !== null}
      onClose={onClose}
      position="right"
      size={phone ? '100%' : 720}
      padding="md"
      title={<Text fw={600}>Why these numbers</Text>}
      closeButtonProps={{ 'aria-label': 'Close the explanation', size: 36 }}
    >
      {at !== null && <Reasons slo={slo} at={at} onMove={onMove} />}
    </Drawer>
  );
}

function Reasons({ slo, at, onMove }: { slo: string; at: string; onMove: (at: string) => void }) {
  const [minutes, setMinutes] = useState('15');
  useFocusBack();
  const explanation = useExplanation(slo, at, Number(minutes));
  // It stays in reach of the keys when it has nowhere to go.
  const isLast = Date.parse(at) + MINUTE_MS > useNow();
  const move = (by: number) =>
    onMove(iso(Math.floor(Date.parse(at) / 1000) * 1000 + by * MINUTE_MS));
  return (
    <Stack gap="lg">
      <Group justify="space-between" gap="xs">
        <Text c="dimmed">At {bothZones(at)}</Text>
        <Group gap={4}>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<Icon name="back" size={12} />}
            onClick={() => move(-1)}
          >
            A minute earlier
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            rightSection={<Icon name="forward" size={12} />}
            aria-disabled={isLast}
            data-disabled={isLast || undefined}
            onClick={() => isLast || move(1)}
          >
            A minute later
          </Button>
        </Group>
      </Group>
      {explanation.isError && (
        <Problem
          error={explanation.error}
          what="The explanation"
          retry={() => void explanation.refetch()}
          works="Older minutes may have been let go; the charts still show what they were."
        />
      )}
      {explanation.isPending && <LoadingBlock of="the explanation" height={320} />}
      {explanation.data && (
        <Told
          explanation={explanation.data}
          chooser={
            <SegmentedControl
              size="xs"
              aria-label="Minutes to show"
              data={MINUTES}
              value={minutes}
              onChange={setMinutes}
            />
          }
        />
      )}
      <Command line={command`plimsoll explain slo ${slo} --at ${at}`} />
    </Stack>
  );
}

function Told({ explanation, chooser }: { explanation: Explanation; chooser: ReactNode }) {
  const { slo, arithmetic, minutes, slices, series } = explanation;
  return (
    <>
      <Stack gap={4}>
        <Group gap="sm">
          <Status status={slo.status} />
        </Group>
        <Title order={2} fz="lg">
          {sloSentence(slo)}
        </Title>
        <Text c="dimmed">
          The window runs from {utc(explanation.window_from)} to {utc(explanation.window_to)}.
        </Text>
      </Stack>
      <Part title="The arithmetic">
        <Code block fz="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {arithmetic.join('\n')}
        </Code>
      </Part>
      <Part title="What counts">
        <Selectors explanation={explanation} />
      </Part>
      <Part
        title={minutes.length === 1 ? 'The last minute' : `The last ${minutes.length} minutes`}
        aside={chooser}
      >
        <MinutesTable minutes={minutes} />
      </Part>
      {slices !== undefined && slices.length > 0 && (
        <Part title={`The last ${slices.length} slices`}>
          <SlicesTable slices={slices} />
        </Part>
      )}
      <Part
        title={
          series.length === 1
            ? 'The one series routed then'
            : `The ${count(series.length)} series routed then`
        }
      >
        <SeriesList series={series} />
      </Part>
      {slo.inferred > 0 && (
        <Text c="dimmed">
          {count(slo.inferred)} events are inferred: it is known that they happened, not when.
          Coverage is {share(slo.coverage)}.
        </Text>
      )}
    </>
  );
}

function Selectors({ explanation }: { explanation: Explanation }) {
  const rows = [
    ['all events', explanation.total_selector],
    [`${explanation.part} events`, explanation.part_selector],
  ];
  return (
    <Table withRowBorders={false} verticalSpacing={3} horizontalSpacing={0}>
      <Table.Tbody>
        {rows.map(([name, selector]) => (
          <Table.Tr key={name}>
            <Table.Th w={100} fw={400} c="dimmed" style={{ verticalAlign: 'top' }}>
              {name}
            </Table.Th>
            <Table.Td>
              <Code fz="sm" style={{ overflowWrap: 'anywhere' }}>
                {selector}
              </Code>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Part({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Stack gap="xs" component="section">
      <Group justify="space-between">
        <Title order={3}>{title}</Title>
        {aside}
      </Group>
      {children}
    </Stack>
  );
}
