/** The rows of tokens. Their names are what someone typed, shown as text. */
import { Button, Group, Stack, Text } from '@mantine/core';
import type { Token } from '../../../api/types';
import { sentenceCase } from '../../../app/words';
import { Ago } from '../../../parts/Ago';
import { DataRows, type Column } from '../../../parts/DataRows';
import { Called, Dim, Expires, InForce } from '../credentials';

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
      heights={{ row: 58, card: 148 }}
    />
  );
}

function columns(onRevoke: Props['onRevoke']): Column<Token>[] {
  return [
    { head: 'Name', cell: (token) => <Name token={token} /> },
    { head: 'Role', cell: (token) => sentenceCase(token.role), width: 100 },
    { head: 'Team', cell: (token) => <Team token={token} />, width: 110 },
    { head: 'Limited to', cell: (token) => <Scopes token={token} />, width: 170 },
    { head: 'State', cell: (token) => <InForce of={token} />, width: 110 },
    { head: 'Last used', cell: (token) => <LastUsed token={token} />, width: 110 },
    { head: 'Expires', cell: (token) => <Expires of={token} />, width: 110 },
    {
      head: 'Do',
      cell: (token) => <RevokeButton token={token} onRevoke={onRevoke} />,
      right: true,
      width: 100,
    },
  ];
}

function Card({ token, onRevoke }: { token: Token; onRevoke: Props['onRevoke'] }) {
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <Stack gap={2} miw={0}>
        <Name token={token} />
        <InForce of={token} />
        <Text fz="sm" style={{ overflowWrap: 'anywhere' }} component="div">
          {sentenceCase(token.role)} of {token.team ?? 'the whole installation'}
        </Text>
        {token.scopes != null && (
          <Text fz="sm" style={{ overflowWrap: 'anywhere' }}>
            only {token.scopes.join(', ')}
          </Text>
        )}
        <Text c="dimmed" fz="sm" component="div">
          used: <LastUsed token={token} />; expires: <Expires of={token} />
        </Text>
      </Stack>
      <RevokeButton token={token} onRevoke={onRevoke} />
    </Group>
  );
}

function Name({ token }: { token: Token }) {
  return (
    <Stack gap={0} miw={0}>
      <Called of={token} />
    </Stack>
  );
}

function Team({ token }: { token: Token }) {
  return token.team == null ? <Dim>all</Dim> : token.team;
}

function Scopes({ token }: { token: Token }) {
  if (token.scopes == null) return <Dim>its role</Dim>;
  return (
    <Text fz="sm" style={{ overflowWrap: 'anywhere' }}>
      {token.scopes.join(', ')}
    </Text>
  );
}

function LastUsed({ token }: { token: Token }) {
  return token.last_used_at == null ? <Dim>never</Dim> : <Ago at={token.last_used_at} />;
}

function RevokeButton({ token, onRevoke }: { token: Token; onRevoke: Props['onRevoke'] }) {
  if (token.revoked_at != null) return <Ago at={token.revoked_at} />;
  if (token.state !== 'active') return null;
  return (
    <Button
      size="compact-sm"
      variant="default"
      c="var(--exhausted-ink)"
      style={{ flex: 'none' }}
      aria-label={`Revoke ${token.name}`}
      onClick={() => onRevoke(token)}
    >
      Revoke…
    </Button>
  );
}
