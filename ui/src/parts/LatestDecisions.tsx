/** What the gate said about releases of a service, and why. */
import { Box, Group, Stack, Text } from '@mantine/core';
import { useLatestDecisions } from '../api/decisions';
import type { Decision } from '../api/types';
import { command } from '../app/command';
import { useNow } from '../app/now';
import { asSentence, plain, shortDigest } from '../app/words';
import { Ago } from './Ago';
import { AppLink } from './AppLink';
import { arrival } from './Arriving';
import { Command } from './Command';
import { Latest, SHOWN_MAX } from './Latest';
import { weighed } from './reasons';
import { Verdict } from './Verdict';

export function LatestDecisions({ service }: { service: string }) {
  const decisions = useLatestDecisions({ service }, SHOWN_MAX);
  return (
    <Latest
      title="Releases decided"
      all={
        <AppLink to="/releases" search={{ service }} fz="sm">
          All of them
        </AppLink>
      }
      asked={arrival(decisions)}
      of="the decisions"
      works="The gate itself does not depend on this page."
      items={decisions.data ?? []}
      keyOf={({ id }) => id}
      one={(decision) => <One decision={decision} />}
      none={<NoneYet service={service} />}
    />
  );
}

function One({ decision }: { decision: Decision }) {
  const expired = useNow() > Date.parse(decision.expires_at);
  const { decisive, others, remarks } = weighed(decision);
  return (
    <Stack gap={2}>
      <Group gap="xs">
        <AppLink to="/releases/decisions/$id" params={{ id: decision.id }} underline="hover">
          <Verdict decision={decision} />
        </AppLink>
        <Text>
          {plain(decision.class)} to {decision.environment}
        </Text>
        <Text c="dimmed" component="div">
          <Ago at={decision.decided_at} />
          {expired && ', expired'}
        </Text>
      </Group>
      <Box component="ul" m={0} pl="lg">
        {[...decisive, ...others].map((reason) => (
          <Text component="li" key={`${reason.code} ${reason.slo ?? ''} ${reason.message}`}>
            {asSentence(reason.message)}
          </Text>
        ))}
      </Box>
      {remarks.map(({ code, slo, message }) => (
        <Text key={`${code} ${slo ?? ''} ${message}`} c="dimmed" fz="sm">
          Beside it: {message}
        </Text>
      ))}
      <Text c="dimmed" fz="sm" title={decision.artifact}>
        {shortDigest(decision.artifact)} · asked by {decision.asked_by}
      </Text>
    </Stack>
  );
}

function NoneYet({ service }: { service: string }) {
  return (
    <Stack gap={4}>
      <Text c="dimmed">
        Nothing was asked yet. A pipeline asks whether an artifact may go out with:
      </Text>
      <Command
        line={command`plimsoll gate check --service ${service} --environment production --artifact DIGEST --class feature`}
      />
    </Stack>
  );
}
