/** What went out before an alert fired: of the service, and of what it calls. */
import { Group, Stack, Text } from '@mantine/core';
import type { Alert } from '../../api/types';
import { command } from '../../app/command';
import { duration } from '../../app/format';
import { deploymentName, plain } from '../../app/words';
import { AppLink } from '../../parts/AppLink';
import { Command } from '../../parts/Command';
import { Icon } from '../../parts/icons';
import { LoadingBlock } from '../../parts/Loading';
import { Problem } from '../../parts/Problem';
import { Section } from '../../parts/Section';
import type { Suspect } from './words';

const SHOWN_MAX = 6;

interface Props {
  alert: Alert;
  found: Suspect[];
  /** Whether it is not known yet what was recorded. */
  isPending: boolean;
  failure: unknown;
}

export function Changed({ alert, found, isPending, failure }: Props) {
  return (
    <Section title="What changed before it" says="Deployments of the day before, nearest first.">
      {failure != null && (
        <Problem error={failure} what="The deployments" works="The numbers are still right." />
      )}
      {failure == null && isPending && <LoadingBlock of="the deployments" height={60} />}
      {failure == null && !isPending && found.length === 0 && (
        <Stack gap={4}>
          <Text>Nothing was recorded for {alert.service} or what it calls.</Text>
          <Text c="dimmed" fz="sm">
            A pipeline tells what goes out with:
          </Text>
          <Command
            line={command`plimsoll deployment record --service ${alert.service} --environment production --artifact DIGEST --class feature`}
          />
        </Stack>
      )}
      <Stack gap="sm">
        {found.slice(0, SHOWN_MAX).map((suspect) => (
          <One key={suspect.deployment.id} suspect={suspect} />
        ))}
      </Stack>
    </Section>
  );
}

function One({ suspect: { deployment, beforeMs, own } }: { suspect: Suspect }) {
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      <Text component="span" lh={0} pt={6} c={own ? 'var(--ink)' : 'dimmed'}>
        <Icon name="deploy" size={12} />
      </Text>
      <Stack gap={0} miw={0}>
        <Text>
          <AppLink to="/releases/deployments/$id" params={{ id: deployment.id }} inherit fw={600}>
            {deployment.service} {deploymentName(deployment)}
          </AppLink>
          , {duration(beforeMs)} before
        </Text>
        <Text c="dimmed" fz="sm">
          {plain(deployment.class)} to {deployment.environment}
          {!own && ', which it calls'}
        </Text>
      </Stack>
    </Group>
  );
}
