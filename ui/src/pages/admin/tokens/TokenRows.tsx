/** The rows of tokens. Their names are what someone typed, shown as text. */
import { Button, Text } from '@mantine/core';
import type { Token } from '../../../api/types';
import { sentenceCase } from '../../../app/words';
import { Ago } from '../../../parts/Ago';
import type { Column } from '../../../parts/DataRows';
import { AccessRows } from '../AccessRows';
import { Called, Dim, Expires, InForce, Whole } from '../credentials';

interface Props {
  tokens: Token[];
  onRevoke: (token: Token) => void;
}

const COLUMNS: Column<Token>[] = [
  { head: 'Name', cell: (token) => <Called of={token} made={token.created_at} /> },
  { head: 'May', cell: (token) => <May token={token} />, width: 210 },
  { head: 'State', cell: (token) => <InForce of={token} />, width: 110 },
  { head: 'Last used', cell: (token) => <LastUsed token={token} />, width: 110 },
  { head: 'Expires', cell: (token) => <Expires of={token} />, width: 110 },
];

export function TokenRows({ tokens, onRevoke }: Props) {
  return (
    <AccessRows
      label="Tokens"
      items={tokens}
      columns={COLUMNS}
      lines={(token) => <Lines token={token} />}
      act={(token) => <RevokeButton token={token} onRevoke={onRevoke} />}
    />
  );
}

function Lines({ token }: { token: Token }) {
  return (
    <>
      <Called of={token} made={token.created_at} />
      <InForce of={token} />
      <May token={token} />
      <Text c="dimmed" fz="sm" component="div">
        used: <LastUsed token={token} />; expires: <Expires of={token} />
      </Text>
    </>
  );
}

/** The role it has and for what, and to what that is limited. */
function May({ token: { role, team, scopes } }: { token: Token }) {
  return (
    <Text fz="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
      {sentenceCase(role)} of {team ?? <Whole />}
      {scopes != null && (
        <Text inherit c="dimmed">
          only {scopes.join(', ')}
        </Text>
      )}
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
