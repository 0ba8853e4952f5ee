/** What went out of a service lately. */
import { Group, Stack, Text } from '@mantine/core';
import { useDeployments } from '../api/deployments';
import type { Deployment } from '../api/types';
import { command } from '../app/command';
import { deploymentName, plain, shortDigest } from '../app/words';
import { Ago } from './Ago';
import { AppLink } from './AppLink';
import { arrival } from './Arriving';
import { Command } from './Command';
import { Icon } from './icons';
import { Latest } from './Latest';

export function LatestDeployments({ service }: { service: string }) {
  const deployments = useDeployments(service);
  return (
    <Latest
      title="Deployments"
      all={
        <AppLink to="/releases" search={{ service, show: 'deployments' }} fz="sm">
          All of them
        </AppLink>
      }
      asked={arrival(deployments)}
      of="the deployments"
      items={deployments.data ?? []}
      keyOf={({ id }) => id}
      one={(deployment) => <One deployment={deployment} />}
      none={<NoneYet service={service} />}
    />
  );
}

function One({ deployment }: { deployment: Deployment }) {
  return (
    <Stack gap={0}>
      <Group gap="xs">
        <Group gap="xs" wrap="nowrap" miw={0}>
          <Text component="span" lh={0}>
            <Icon name="deploy" size={12} />
          </Text>
          <AppLink
            to="/releases/deployments/$id"
            params={{ id: deployment.id }}
            fw={600}
            miw={0}
            style={{ overflowWrap: 'anywhere' }}
          >
            {deploymentName(deployment)}
          </AppLink>
        </Group>
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
        line={command`plimsoll deployment record --service ${service} --environment production --artifact DIGEST --class feature`}
      />
    </Stack>
  );
}
