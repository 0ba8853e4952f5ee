/** Tokens, with which programs come in: made, shown once, and revoked. */
import { Button, Group, Switch, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useTokens } from '../../../api/tokens';
import type { Token } from '../../../api/types';
import { inWords } from '../../../app/format';
import { sentenceCase } from '../../../app/words';
import { Empty } from '../../../parts/Empty';
import { LoadingRows } from '../../../parts/Loading';
import { Page } from '../../../parts/Page';
import { Problem } from '../../../parts/Problem';
import { NewToken } from './NewToken';
import { Revoke } from './Revoke';
import { TokenRows } from './TokenRows';

export function Tokens() {
  const tokens = useTokens();
  const [making, make] = useDisclosure();
  const [revoking, setRevoking] = useState<Token | null>(null);
  const [all, setAll] = useState(false);
  const items = tokens.data ?? [];
  const inForce = items.filter(({ state }) => state === 'active');
  const shown = all ? items : inForce;
  return (
    <Page
      title={tokens.data === undefined ? 'Tokens' : sentence(inForce.length)}
      aside={<Button onClick={make.open}>Make a token</Button>}
      help="tokens"
      commands={['plimsoll tokens list', 'plimsoll tokens create --name NAME --role ROLE']}
    >
      {tokens.isError && (
        <Problem
          error={tokens.error}
          what="The tokens"
          retry={() => void tokens.refetch()}
          works="Programs that have one go on."
        />
      )}
      {tokens.isPending && <LoadingRows of="the tokens" rows={3} />}
      {items.length > inForce.length && (
        <Group>
          <Switch
            label="Show those that ended, too"
            checked={all}
            onChange={(event) => setAll(event.currentTarget.checked)}
          />
        </Group>
      )}
      {tokens.data && items.length === 0 && <Blank />}
      {tokens.data && items.length > 0 && shown.length === 0 && (
        <Text c="dimmed">All tokens are revoked or expired.</Text>
      )}
      {shown.length > 0 && <TokenRows tokens={shown} onRevoke={setRevoking} />}
      {making && <NewToken onClose={make.close} />}
      {revoking !== null && <Revoke token={revoking} onClose={() => setRevoking(null)} />}
    </Page>
  );
}

function Blank() {
  return (
    <Empty
      title="Let a program in"
      commands={[
        {
          line: 'plimsoll tokens create --name ci --role responder --expires +90d',
          says: 'Or on the command line; the token is the last word that is printed:',
        },
      ]}
    >
      A token is how a pipeline, a sender of telemetry or a script comes in: with a role, and
      without a person’s password. Give each its own, and no more than it needs.
    </Empty>
  );
}

function sentence(count: number): string {
  if (count === 0) return 'No token is in force';
  return sentenceCase(`${inWords(count)} ${count === 1 ? 'token is' : 'tokens are'} in force`);
}
