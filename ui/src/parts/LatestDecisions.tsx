/** What the gate said about releases of a service, and why. */
import { Box, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useDecisions } from '../api/decisions';
import type { Decision } from '../api/types';
import { useNow } from '../app/now';
import { asSentence, plain, shortDigest } from '../app/words';
import { Ago } from './Ago';
import { AppLink } from './AppLink';
import { Command } from './Command';
import { Problem } from './Problem';
import { Section } from './Section';
import { Verdict } from './Verdict';

const SHOWN_MAX = 5;

export function LatestDecisions({ service }: { service: string }) {
  const decisions = useDecisions(service);
  const items = decisions.data ?? [];
  return (
    <Section
      title="Releases decided"
      aside={
        <AppLink to="/releases" search={{ service }} fz="sm">
          All of them
        </AppLink>
      }
    >
      {decisions.isPending && <Skeleton height={80} />}
      {decisions.isError && (
        <Problem
          error={decisions.error}
          what="The decisions"
          retry={() => void decisions.refetch()}
          works="The gate itself does not depend on this page."
        />
      )}
      {decisions.data && items.length === 0 && <NoneYet service={service} />}
      <Stack gap="md">
        {items.slice(0, SHOWN_MAX).map((decision) => (
          <One key={decision.id} decision={decision} />
        ))}
      </Stack>
    </Section>
  );
}

function One({ decision }: { decision: Decision }) {
  const expired = useNow() > Date.parse(decision.expires_at);
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
        {decision.reasons.map((reason) => (
          <Text component="li" key={`${reason.code} ${reason.slo ?? ''} ${reason.message}`}>
            {asSentence(reason.message)}
          </Text>
        ))}
      </Box>
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
        line={`plimsoll gate check --service ${service} --environment production --artifact DIGEST --class feature`}
      />
    </Stack>
  );
}
