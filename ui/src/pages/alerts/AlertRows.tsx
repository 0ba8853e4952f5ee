/** The rows of alerts: on a phone a card that is read in one glance. */
import { Group, Stack, Text } from '@mantine/core';
import type { Alert } from '../../api/types';
import { duration, share } from '../../app/format';
import { useNow } from '../../app/now';
import { asSentence, sentenceCase } from '../../app/words';
import { Ago } from '../../parts/Ago';
import { DataRows, type Column } from '../../parts/DataRows';
import { RowLink } from '../../parts/RowLink';
import { State } from '../../parts/Status';
import { statusFill } from '../../parts/status';
import { lastedMs } from './words';

const COLUMNS: Column<Alert>[] = [
  { head: 'State', cell: (alert) => <AlertState alert={alert} />, width: 150 },
  { head: 'SLO', cell: (alert) => <Name alert={alert} />, width: '22%' },
  { head: 'Why', cell: (alert) => <Why alert={alert} /> },
  {
    head: 'Budget then',
    cell: (alert) => share(alert.budget_remaining),
    right: true,
    width: 120,
  },
  { head: 'Since', cell: (alert) => <Ago at={alert.firing_since} />, right: true, width: 110 },
  { head: 'For', cell: (alert) => <Lasted alert={alert} />, right: true, width: 100 },
];

interface Props {
  alerts: Alert[];
  more: boolean;
  onNearEnd: () => void;
}

export function AlertRows({ alerts, more, onNearEnd }: Props) {
  return (
    <DataRows
      label="Alerts"
      items={alerts}
      keyOf={(alert) => alert.id}
      columns={COLUMNS}
      card={(alert) => <Card alert={alert} />}
      heights={{ row: 60, card: 118 }}
      edge={alertEdge}
      more={more}
      onNearEnd={onNearEnd}
    />
  );
}

/** The colour at the edge of what fires. */
export function alertEdge({ phase, severity }: Alert): string | undefined {
  return phase === 'firing' ? statusFill(severity) : undefined;
}

/** Whether it fires, and what it asks of people. */
export function AlertState({ alert, size }: { alert: Alert; size?: 'lg' }) {
  const firing = alert.phase === 'firing';
  return (
    <Text component="span" {...(size ? { fz: size } : {})}>
      <State
        code={firing ? alert.severity : 'closed'}
        word={`${firing ? 'Firing' : 'Over'}: ${sentenceCase(alert.severity).toLowerCase()}`}
      />
    </Text>
  );
}

function Card({ alert }: { alert: Alert }) {
  return (
    <Stack gap={6} pl={4}>
      <Group justify="space-between" wrap="nowrap" fz="md">
        <AlertState alert={alert} />
        <Text c="dimmed" fz="sm" component="div">
          <Ago at={alert.firing_since} />
        </Text>
      </Group>
      <Name alert={alert} />
      <Why alert={alert} />
    </Stack>
  );
}

function Name({ alert }: { alert: Alert }) {
  return (
    <Stack gap={0}>
      <RowLink to="/alerts/$id" params={{ id: alert.id }}>
        {alert.slo}
      </RowLink>
      <Text c="dimmed" fz="sm">
        {alert.service}
        {alert.owner != null && ` · ${alert.owner}`}
      </Text>
    </Stack>
  );
}

function Why({ alert }: { alert: Alert }) {
  return (
    <Text fz="sm" lineClamp={3} style={{ overflowWrap: 'anywhere' }}>
      {asSentence(alert.summary)}
    </Text>
  );
}

function Lasted({ alert }: { alert: Alert }) {
  return <>{duration(lastedMs(alert, useNow()))}</>;
}
