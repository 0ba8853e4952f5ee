/** Senders of signed webhooks: made, given another secret, and revoked. */
import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useWebhooks } from '../../../api/webhooks';
import { inWords } from '../../../app/format';
import { sentenceCase } from '../../../app/words';
import { arrival, Arriving } from '../../../parts/Arriving';
import { Empty } from '../../../parts/Empty';
import { Page } from '../../../parts/Page';
import { later } from '../../../parts/later';
import { useInForce } from '../credentials';
import { Searched } from '../Searched';
import { WebhookRows, type Asked } from './WebhookRows';

const NewWebhook = later(() => import('./NewWebhook').then((m) => m.NewWebhook));
const Rotate = later(() => import('./Rotate').then((m) => m.Rotate));
const Revoke = later(() => import('./Revoke').then((m) => m.Revoke));

export function Webhooks() {
  const webhooks = useWebhooks();
  const [making, make] = useDisclosure();
  const [asked, ask] = useState<Asked | null>(null);
  const items = webhooks.data ?? [];
  const { inForce, shown, ended } = useInForce(items);
  const close = () => ask(null);
  return (
    <Page
      title={webhooks.data === undefined ? 'Webhooks' : sentence(inForce.length)}
      aside={<Button onClick={make.open}>Make a sender</Button>}
      help="webhooks"
      commands={[
        'plimsoll webhooks list',
        'plimsoll webhooks create --name NAME --scope record_deployment',
      ]}
    >
      <Arriving
        asked={arrival(webhooks)}
        of="the webhook senders"
        rows={3}
        works="What they send is taken without this page."
      />
      {ended}
      {webhooks.data && items.length === 0 && <Blank />}
      {webhooks.data && items.length > 0 && shown.length === 0 && (
        <Text c="dimmed">All senders are revoked or expired.</Text>
      )}
      <Searched
        one="webhook sender"
        many="webhook senders"
        items={shown}
        namesOf={({ name, id, team, scopes }) => [name, id, team, ...scopes]}
      >
        {(found) => <WebhookRows webhooks={found} onAsk={ask} />}
      </Searched>
      {making && <NewWebhook onClose={make.close} />}
      {asked?.what === 'rotate' && <Rotate webhook={asked.webhook} onClose={close} />}
      {asked?.what === 'revoke' && <Revoke webhook={asked.webhook} onClose={close} />}
    </Page>
  );
}

function Blank() {
  return (
    <Empty
      title="Let a forge tell what goes out"
      commands={[
        {
          line: 'plimsoll webhooks create --name forge --scope record_deployment --expires +90d',
          says: 'Or on the command line; the secret is the last word that is printed:',
        },
      ]}
    >
      What can send a webhook and keep no token signs each message with a secret of its own, as
      Standard Webhooks says. It records deployments or asks gates, and nothing else.
    </Empty>
  );
}

function sentence(count: number): string {
  if (count === 0) return 'No webhook sender is in force';
  return sentenceCase(
    `${inWords(count)} webhook ${count === 1 ? 'sender is' : 'senders are'} in force`,
  );
}
