/** The rows of webhook senders. Their names are what someone typed, shown as text. */
import { Button, Group, Menu, Stack, Text } from '@mantine/core';
import type { Webhook } from '../../../api/types';
import { now } from '../../../app/now';
import { Ago } from '../../../parts/Ago';
import { DataRows, type Column } from '../../../parts/DataRows';
import { Called, Dim, Expires, InForce } from '../credentials';

/** What is to be done with a sender. */
export interface Asked {
  what: 'rotate' | 'revoke';
  webhook: Webhook;
}

interface Props {
  webhooks: Webhook[];
  onAsk: (asked: Asked) => void;
}

export function WebhookRows({ webhooks, onAsk }: Props) {
  return (
    <DataRows
      label="Webhook senders"
      items={webhooks}
      keyOf={(webhook) => webhook.id}
      columns={columns(onAsk)}
      card={(webhook) => <Card webhook={webhook} onAsk={onAsk} />}
      heights={{ row: 58, card: 148 }}
    />
  );
}

function columns(onAsk: Props['onAsk']): Column<Webhook>[] {
  return [
    { head: 'Name', cell: (webhook) => <Name webhook={webhook} /> },
    { head: 'May', cell: (webhook) => <May webhook={webhook} />, width: 170 },
    { head: 'Team', cell: ({ team }) => team ?? <Dim>all</Dim>, width: 110 },
    { head: 'State', cell: (webhook) => <InForce of={webhook} />, width: 110 },
    { head: 'Secret', cell: (webhook) => <Secret webhook={webhook} />, width: 170 },
    { head: 'Expires', cell: (webhook) => <Expires of={webhook} />, width: 110 },
    {
      head: 'Do',
      cell: (webhook) => <Actions webhook={webhook} onAsk={onAsk} />,
      right: true,
      width: 110,
    },
  ];
}

function Card({ webhook, onAsk }: { webhook: Webhook; onAsk: Props['onAsk'] }) {
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <Stack gap={2} miw={0}>
        <Name webhook={webhook} />
        <InForce of={webhook} />
        <Text fz="sm" style={{ overflowWrap: 'anywhere' }} component="div">
          <May webhook={webhook} /> for {webhook.team ?? 'the whole installation'}
        </Text>
        <Text c="dimmed" fz="sm" component="div">
          secret: <Secret webhook={webhook} />; expires: <Expires of={webhook} />
        </Text>
      </Stack>
      <Actions webhook={webhook} onAsk={onAsk} />
    </Group>
  );
}

function Name({ webhook }: { webhook: Webhook }) {
  return (
    <Stack gap={0} miw={0}>
      <Called of={webhook} />
    </Stack>
  );
}

function May({ webhook }: { webhook: Webhook }) {
  return (
    <Text span fz="sm" style={{ overflowWrap: 'anywhere' }}>
      {webhook.scopes.join(', ')}
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
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="default"
          style={{ flex: 'none' }}
          aria-label={`Change ${webhook.name}`}
        >
          Change…
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onAsk({ what: 'rotate', webhook })}>Another secret…</Menu.Item>
        <Menu.Divider />
        <Menu.Item c="var(--exhausted-ink)" onClick={() => onAsk({ what: 'revoke', webhook })}>
          Revoke…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
