/** The rows of tokens. Their names are what someone typed, shown as text. */
import { Button, Group, Stack, Text } from '@mantine/core';
import type { Token } from '../../../api/types';
import { sentenceCase } from '../../../app/words';
import { Ago } from '../../../parts/Ago';
import { DataRows, type Column } from '../../../parts/DataRows';
import { State } from '../../../parts/Status';

interface Props {
  tokens: Token[];
  onRevoke: (token: Token) => void;
}

export function TokenRows({ tokens, onRevoke }: Props) {
  return (
    <DataRows
      label="Tokens"
      items={tokens}
      keyOf={(token) => token.id}
      columns={columns(onRevoke)}
      card={(token) => <Card token={token} onRevoke={onRevoke} />}
      heights={{ row: 50, card: 92 }}
    />
  );
}

function columns(onRevoke: Props['onRevoke']): Column<Token>[] {
  return [
    { head: 'Name', cell: (token) => <Name token={token} /> },
    { head: 'Role', cell: (token) => sentenceCase(token.role), width: 120 },
    { head: 'State', cell: (token) => <TokenState token={token} />, width: 130 },
    { head: 'Made', cell: (token) => <Ago at={token.created_at} />, width: 130 },
    {
      head: 'Do',
      cell: (token) => <RevokeButton token={token} onRevoke={onRevoke} />,
      right: true,
      width: 110,
    },
  ];
}

function Card({ token, onRevoke }: { token: Token; onRevoke: Props['onRevoke'] }) {
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <Stack gap={2} miw={0}>
        <Name token={token} />
        <Text c="dimmed" fz="sm" component="div">
          {token.role}, made <Ago at={token.created_at} />
        </Text>
        <TokenState token={token} />
      </Stack>
      <RevokeButton token={token} onRevoke={onRevoke} />
    </Group>
  );
}

function Name({ token }: { token: Token }) {
  return (
    <Stack gap={0} miw={0}>
      <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
        {token.name}
      </Text>
      <Text c="dimmed" fz="xs" style={{ overflowWrap: 'anywhere' }}>
        {token.id}
      </Text>
    </Stack>
  );
}

function TokenState({ token }: { token: Token }) {
  return token.revoked_at == null ? (
    <State code="accepted" word="In force" />
  ) : (
    <State code="silent" word="Revoked" />
  );
}

function RevokeButton({ token, onRevoke }: { token: Token; onRevoke: Props['onRevoke'] }) {
  if (token.revoked_at != null) return <Ago at={token.revoked_at} />;
  return (
    <Button
      size="compact-sm"
      variant="default"
      c="var(--exhausted-ink)"
      aria-label={`Revoke ${token.name}`}
      onClick={() => onRevoke(token)}
    >
      Revoke…
    </Button>
  );
}
