/** The rows of webhook senders. Their names are what someone typed, shown as text. */
import { Text } from '@mantine/core';
import type { Webhook } from '../../../api/types';
import { now } from '../../../app/now';
import { Ago } from '../../../parts/Ago';
import type { Column } from '../../../parts/DataRows';
import { AccessRows } from '../AccessRows';
import { Change } from '../Change';
import { Called, Dim, Expires, InForce, Whole } from '../credentials';

/** What is to be done with a sender. */
export interface Asked {
  what: 'rotate' | 'revoke';
  webhook: Webhook;
}

interface Props {
  webhooks: Webhook[];
  onAsk: (asked: Asked) => void;
}

const COLUMNS: Column<Webhook>[] = [
  { head: 'Name', cell: (webhook) => <Called of={webhook} made={webhook.created_at} /> },
  { head: 'May', cell: (webhook) => <May webhook={webhook} />, width: 200 },
  { head: 'State', cell: (webhook) => <InForce of={webhook} />, width: 110 },
  { head: 'Secret', cell: (webhook) => <Secret webhook={webhook} />, width: 150 },
  { head: 'Expires', cell: (webhook) => <Expires of={webhook} />, width: 110 },
];

export function WebhookRows({ webhooks, onAsk }: Props) {
  return (
    <AccessRows
      label="Webhook senders"
      items={webhooks}
      columns={COLUMNS}
      lines={(webhook) => <Lines webhook={webhook} />}
      act={(webhook) => <Actions webhook={webhook} onAsk={onAsk} />}
    />
  );
}

function Lines({ webhook }: { webhook: Webhook }) {
  return (
    <>
      <Called of={webhook} made={webhook.created_at} />
      <InForce of={webhook} />
      <May webhook={webhook} />
      <Text c="dimmed" fz="sm" component="div">
        secret: <Secret webhook={webhook} />; expires: <Expires of={webhook} />
      </Text>
    </>
  );
}

function May({ webhook: { scopes, team } }: { webhook: Webhook }) {
  return (
    <Text fz="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
      {scopes.join(', ')}
      <br />
      for {team ?? <Whole />}
    </Text>
  );
}

/** Which of its secrets it signs with, and until when the one before is taken. */
function Secret({ webhook: { generation, former_until } }: { webhook: Webhook }) {
  if (former_until == null || Date.parse(former_until) < now())
    return <Dim>{generation === 1 ? 'the first' : `no. ${generation}`}</Dim>;
  return (
    <Text span fz="sm">
      no. {generation}; the one before ends <Ago at={former_until} />
    </Text>
  );
}

function Actions({ webhook, onAsk }: { webhook: Webhook; onAsk: Props['onAsk'] }) {
  if (webhook.revoked_at != null) return <Ago at={webhook.revoked_at} />;
  if (webhook.state !== 'active') return null;
  return (
    <Change
      name={webhook.name}
      deeds={[{ says: 'Another secret…', onAsk: () => onAsk({ what: 'rotate', webhook }) }]}
      grave={{ says: 'Revoke…', onAsk: () => onAsk({ what: 'revoke', webhook }) }}
    />
  );
}
