/** Where one is signed in: this session marked, any other ended, or all of them at once. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEndSessions, useSessions } from '../../api/account';
import { useSignOut } from '../../api/session';
import type { Session } from '../../api/types';
import { inWords } from '../../app/format';
import { Ago } from '../../parts/Ago';
import { Confirm } from '../../parts/Confirm';
import { Problem } from '../../parts/Problem';
import { Refusal } from '../../parts/Refusal';
import { Section } from '../../parts/Section';
import { State } from '../../parts/Status';
import { LoadingBlock } from '../../parts/Loading';

export function Sessions() {
  const sessions = useSessions();
  const end = useEndSessions();
  const [asking, ask] = useDisclosure();
  const others = (sessions.data ?? []).filter(({ current }) => !current);
  return (
    <Section
      title="Where you are signed in"
      says="A session ends by itself after seven days. One that you do not know: end it, and change your password."
      aside={
        others.length > 0 && (
          <Button size="xs" variant="default" onClick={ask.open}>
            End all others…
          </Button>
        )
      }
    >
      {sessions.isPending && <LoadingBlock of="the sessions" height={80} />}
      {sessions.isError && (
        <Problem
          error={sessions.error}
          what="Your sessions"
          retry={() => void sessions.refetch()}
          works="You stay signed in."
        />
      )}
      <Stack gap="sm" role="list" aria-label="Sessions">
        {(sessions.data ?? []).map((session) => (
          <One
            key={session.id}
            session={session}
            ending={end.isPending && (end.variables ?? []).includes(session.id)}
            onEnd={() => end.mutate([session.id])}
          />
        ))}
      </Stack>
      {!asking && <Refusal error={end.error} />}
      {asking && (
        <Confirm
          title={`End ${others.length === 1 ? 'your other session' : `your ${inWords(others.length)} other sessions`}?`}
          act="End all others"
          keep="Keep them"
          busy={end.isPending}
          error={<Refusal error={end.error} />}
          onAct={() =>
            end.mutate(
              others.map(({ id }) => id),
              { onSuccess: ask.close },
            )
          }
          onClose={ask.close}
        >
          Whoever uses one of them is asked for your password at the next click. This one stays.
        </Confirm>
      )}
    </Section>
  );
}

interface OneProps {
  session: Session;
  ending: boolean;
  onEnd: () => void;
}

function One({ session, ending, onEnd }: OneProps) {
  const signOut = useSignOut();
  return (
    <Group role="listitem" justify="space-between" wrap="nowrap" gap="sm">
      <Stack gap={0} miw={0}>
        {session.current ? (
          <State code="accepted" word="This one" />
        ) : (
          <Text fw={600}>Another</Text>
        )}
        <Text c="dimmed" fz="sm" component="div">
          since <Ago at={session.created_at} />, ends <Ago at={session.expires_at} />
        </Text>
      </Stack>
      {session.current ? (
        <Button
          size="compact-sm"
          variant="default"
          style={{ flex: 'none' }}
          loading={signOut.isPending}
          onClick={() => signOut.mutate()}
        >
          Sign out
        </Button>
      ) : (
        <Button
          size="compact-sm"
          variant="default"
          style={{ flex: 'none' }}
          c="var(--exhausted-ink)"
          loading={ending}
          aria-label={`End the session ${session.id}`}
          onClick={onEnd}
        >
          End
        </Button>
      )}
    </Group>
  );
}
