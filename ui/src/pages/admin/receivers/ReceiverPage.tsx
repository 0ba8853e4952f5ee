/** A receiver: whom it reaches, how that went, whether it works now, and the document it is. */
import { Group, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useReceivers } from '../../../api/receivers';
import { useMe } from '../../../api/session';
import type { Receiver } from '../../../api/types';
import { command } from '../../../app/command';
import { AppLink } from '../../../parts/AppLink';
import { arrival, Arriving } from '../../../parts/Arriving';
import { Empty } from '../../../parts/Empty';
import { Facts } from '../../../parts/Facts';
import { Page, Slash } from '../../../parts/Page';
import { Section } from '../../../parts/Section';
import { mayFor } from '../panels';
import { Channels } from './Channels';
import { Test } from './Test';
import { TheDocument } from './TheDocument';
import { receiverSentence, reminded } from './words';

const route = getRouteApi('/signed-in/admin/receivers/$name');

export function ReceiverPage() {
  const { name } = route.useParams();
  const receivers = useReceivers();
  const receiver = receivers.data?.find((one) => one.name === name);
  return (
    <Page
      title={receiver === undefined ? name : receiverSentence(receiver)}
      crumbs={
        <>
          <AppLink to="/admin/receivers" inherit>
            Receivers
          </AppLink>
          <Slash />
          <span>{name}</span>
        </>
      }
      help="receivers"
      commands={[
        command`plimsoll receivers test ${name}`,
        command`plimsoll notifications list --receiver ${name}`,
      ]}
    >
      <Arriving
        asked={arrival(receivers)}
        of="the receiver"
        rows={3}
        works="Delivery goes on without this page."
      />
      {receivers.data && receiver === undefined && (
        <Empty title="There is no such receiver">
          It may have been deleted since.{' '}
          <AppLink to="/admin/receivers" underline="always">
            All receivers
          </AppLink>
        </Empty>
      )}
      {receiver && <Whole receiver={receiver} />}
    </Page>
  );
}

function Whole({ receiver }: { receiver: Receiver }) {
  const me = useMe();
  // One that hears what has no receiver is everybody's.
  const owner = receiver.default ? null : receiver.team;
  return (
    <Group gap="md" align="flex-start" className="halves">
      <Stack gap="md" miw={0}>
        <Channels receiver={receiver} />
        <Test receiver={receiver} may={mayFor(me.data, 'editor', owner)} />
      </Stack>
      <Stack gap="md" miw={0}>
        <About receiver={receiver} />
        <TheDocument name={receiver.name} />
      </Stack>
    </Group>
  );
}

function About({ receiver }: { receiver: Receiver }) {
  const { team, default: fallback } = receiver;
  return (
    <Section title="Who hears of what">
      <Facts
        facts={[
          [
            'Team',
            team == null ? (
              <Text inherit span c="dimmed">
                none
              </Text>
            ) : (
              <AppLink to="/admin/teams/$name" params={{ name: team }} inherit>
                {team}
              </AppLink>
            ),
          ],
          ['Default', fallback ? 'yes: hears of what has no receiver of its own' : 'no'],
          ['Reminds', `${reminded(receiver)}, while an alert goes on`],
        ]}
      />
    </Section>
  );
}
