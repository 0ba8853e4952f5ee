/** Tokens, with which programs come in: made, shown once, and revoked. */
import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useTokens } from '../../../api/tokens';
import type { Token } from '../../../api/types';
import { inWords } from '../../../app/format';
import { sentenceCase } from '../../../app/words';
import { arrival, Arriving } from '../../../parts/Arriving';
import { Empty } from '../../../parts/Empty';
import { Page } from '../../../parts/Page';
import { later } from '../../../parts/later';
import { useInForce } from '../credentials';
import { Searched } from '../Searched';
import { TokenRows } from './TokenRows';

const NewToken = later(() => import('./NewToken').then((m) => m.NewToken));
const Revoke = later(() => import('./Revoke').then((m) => m.Revoke));

export function Tokens() {
  const tokens = useTokens();
  const [making, make] = useDisclosure();
  const [revoking, setRevoking] = useState<Token | null>(null);
  const items = tokens.data ?? [];
  const { inForce, shown, ended } = useInForce(items);
  return (
    <Page
      title={tokens.data === undefined ? 'Tokens' : sentence(inForce.length)}
      aside={<Button onClick={make.open}>Make a token</Button>}
      help="tokens"
      commands={['plimsoll tokens list', 'plimsoll tokens create --name NAME --role ROLE']}
    >
      <Arriving
        asked={arrival(tokens)}
        of="the tokens"
        rows={3}
        works="Programs that have one go on."
      />
      {ended}
      {tokens.data && items.length === 0 && <Blank />}
      {tokens.data && items.length > 0 && shown.length === 0 && (
        <Text c="dimmed">All tokens are revoked or expired.</Text>
      )}
      <Searched
        one="token"
        many="tokens"
        items={shown}
        namesOf={({ name, id, role, team, scopes }) => [name, id, role, team, ...(scopes ?? [])]}
      >
        {(found) => <TokenRows tokens={found} onRevoke={setRevoking} />}
      </Searched>
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
