/** What went out of a service lately. */
import { Group, Skeleton, Stack, Text } from '@mantine/core';
import { useDeployments } from '../api/deployments';
import type { Deployment } from '../api/types';
import { deploymentName, plain, shortDigest } from '../app/words';
import { Ago } from './Ago';
import { AppLink } from './AppLink';
import { Command } from './Command';
import { Icon } from './icons';
import { Problem } from './Problem';
import { Section } from './Section';

const SHOWN_MAX = 5;

export function LatestDeployments({ service }: { service: string }) {
  const deployments = useDeployments(service);
  const items = deployments.data ?? [];
  return (
    <Section
      title="Deployments"
      aside={
        <AppLink to="/releases" search={{ service, show: 'deployments' }} fz="sm">
          All of them
        </AppLink>
      }
    >
      {deployments.isPending && <Skeleton height={80} />}
      {deployments.isError && (
        <Problem
          error={deployments.error}
          what="The deployments"
          retry={() => void deployments.refetch()}
        />
      )}
      {deployments.data && items.length === 0 && <NoneYet service={service} />}
      <Stack gap="sm">
        {items.slice(0, SHOWN_MAX).map((deployment) => (
          <One key={deployment.id} deployment={deployment} />
        ))}
      </Stack>
    </Section>
  );
}

function One({ deployment }: { deployment: Deployment }) {
  return (
    <Stack gap={0}>
      <Group gap="xs">
        <Text component="span" lh={0}>
          <Icon name="deploy" size={12} />
        </Text>
        <AppLink to="/releases/deployments/$id" params={{ id: deployment.id }} fw={600}>
          {deploymentName(deployment)}
        </AppLink>
        <Text>
          {plain(deployment.class)} to {deployment.environment}
        </Text>
        <Text c="dimmed" component="div">
          <Ago at={deployment.deployed_at} />
        </Text>
      </Group>
      <Text c="dimmed" fz="sm" title={deployment.artifact}>
        {shortDigest(deployment.artifact)}
        {deployment.commit != null && ` · commit ${deployment.commit.slice(0, 10)}`} · recorded by{' '}
        {deployment.recorded_by}
      </Text>
    </Stack>
  );
}

function NoneYet({ service }: { service: string }) {
  return (
    <Stack gap={4}>
      <Text c="dimmed">
        None recorded. Recorded ones stand as triangles on the charts; a pipeline tells with:
      </Text>
      <Command
        line={`plimsoll deployment record --service ${service} --environment production --artifact DIGEST --class feature`}
      />
    </Stack>
  );
}
