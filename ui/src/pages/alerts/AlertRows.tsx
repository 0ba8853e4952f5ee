/** The rows of alerts: on a phone a card that is read in one glance. */
import { Text } from '@mantine/core';
import type { Rest } from '../../api/pages';
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

const card = (alert: Alert) => <Card alert={alert} />;

interface Props {
  alerts: Alert[];
  rest: Rest | undefined;
}

export function AlertRows({ alerts, rest }: Props) {
  return (
    <DataRows
      label="Alerts"
      items={alerts}
      keyOf={(alert) => alert.id}
      columns={COLUMNS}
      card={card}
      heights={{ row: 60, card: 118 }}
      edge={alertEdge}
      rest={rest}
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
    <div className="card-lines">
      <div className="card-line">
        <AlertState alert={alert} />
        <div className="row-note">
          <Ago at={alert.firing_since} />
        </div>
      </div>
      <Name alert={alert} />
      <Why alert={alert} />
    </div>
  );
}

function Name({ alert }: { alert: Alert }) {
  return (
    <div className="row-name">
      <RowLink to="/alerts/$id" params={{ id: alert.id }}>
        {alert.slo}
      </RowLink>
      <div className="row-note">
        {alert.service}
        {alert.owner != null && ` · ${alert.owner}`}
      </div>
    </div>
  );
}

function Why({ alert }: { alert: Alert }) {
  return <div className="row-text">{asSentence(alert.summary)}</div>;
}

function Lasted({ alert }: { alert: Alert }) {
  return <>{duration(lastedMs(alert, useNow()))}</>;
}
