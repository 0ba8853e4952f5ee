/** The rows of decisions and of deployments. */
import { Group, Stack, Text } from '@mantine/core';
import type { Listing } from '../../api/pages';
import type { Decision, Deployment } from '../../api/types';
import { asSentence, deploymentName, plain, shortDigest } from '../../app/words';
import { Ago } from '../../parts/Ago';
import { DataRows, type Column } from '../../parts/DataRows';
import { firstReason } from '../../parts/reasons';
import { RowLink } from '../../parts/RowLink';
import { statusFill } from '../../parts/status';
import { Verdict } from '../../parts/Verdict';

const DECISION_COLUMNS: Column<Decision>[] = [
  { head: 'Verdict', cell: (one) => <Verdict decision={one} />, width: 220 },
  { head: 'Release', cell: (one) => <DecisionName decision={one} />, width: '26%' },
  { head: 'Why', cell: (one) => <FirstReason decision={one} /> },
  { head: 'Asked by', cell: (one) => <By who={one.asked_by} />, width: 140 },
  { head: 'When', cell: (one) => <Ago at={one.decided_at} />, right: true, width: 120 },
];

export function DecisionRows({ list }: { list: Listing<Decision> }) {
  return (
    <DataRows
      label="Decisions"
      items={list.items}
      keyOf={(one) => one.id}
      columns={DECISION_COLUMNS}
      card={(one) => <DecisionCard decision={one} />}
      heights={{ row: 60, card: 116 }}
      edge={({ verdict }) => (verdict === 'deny' ? statusFill('deny') : undefined)}
      rest={list}
    />
  );
}

function DecisionCard({ decision }: { decision: Decision }) {
  return (
    <Stack gap={6} pl={4}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Verdict decision={decision} />
        <Text c="dimmed" fz="sm" component="div">
          <Ago at={decision.decided_at} />
        </Text>
      </Group>
      <DecisionName decision={decision} />
      <FirstReason decision={decision} />
    </Stack>
  );
}

function DecisionName({ decision }: { decision: Decision }) {
  return (
    <Stack gap={0}>
      <RowLink to="/releases/decisions/$id" params={{ id: decision.id }}>
        {decision.service} {shortDigest(decision.artifact)}
      </RowLink>
      <Text c="dimmed" fz="sm">
        {plain(decision.class)} to {decision.environment}
      </Text>
    </Stack>
  );
}

/** The strictest reason; the page of the decision has them all. */
function FirstReason({ decision }: { decision: Decision }) {
  const first = firstReason(decision);
  if (first === null) return <Text c="dimmed">no reason was kept</Text>;
  return (
    <Text fz="sm" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
      {asSentence(first.message)}
      {first.more > 0 && (
        <Text span inherit c="dimmed">
          {' '}
          and {first.more} more
        </Text>
      )}
    </Text>
  );
}

const DEPLOYMENT_COLUMNS: Column<Deployment>[] = [
  { head: 'Deployment', cell: (one) => <DeploymentName deployment={one} /> },
  { head: 'Class', cell: (one) => plain(one.class), width: 150 },
  { head: 'Environment', cell: (one) => one.environment, width: 140 },
  { head: 'Artifact', cell: (one) => <Artifact deployment={one} />, width: 170 },
  { head: 'Recorded by', cell: (one) => <By who={one.recorded_by} />, width: 160 },
  { head: 'When', cell: (one) => <Ago at={one.deployed_at} />, right: true, width: 120 },
];

export function DeploymentRows({ list }: { list: Listing<Deployment> }) {
  return (
    <DataRows
      label="Deployments"
      items={list.items}
      keyOf={(one) => one.id}
      columns={DEPLOYMENT_COLUMNS}
      card={(one) => <DeploymentCard deployment={one} />}
      heights={{ row: 42, card: 72 }}
      rest={list}
    />
  );
}

function DeploymentCard({ deployment }: { deployment: Deployment }) {
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <Stack gap={0}>
        <DeploymentName deployment={deployment} />
        <Text c="dimmed" fz="sm">
          {plain(deployment.class)} to {deployment.environment}
        </Text>
      </Stack>
      <Text c="dimmed" fz="sm" component="div">
        <Ago at={deployment.deployed_at} />
      </Text>
    </Group>
  );
}

function DeploymentName({ deployment }: { deployment: Deployment }) {
  return (
    <RowLink to="/releases/deployments/$id" params={{ id: deployment.id }}>
      {deployment.service} {deploymentName(deployment)}
    </RowLink>
  );
}

function Artifact({ deployment }: { deployment: Deployment }) {
  return (
    <Text inherit title={deployment.artifact}>
      {shortDigest(deployment.artifact)}
    </Text>
  );
}

function By({ who }: { who: string }) {
  return (
    <Text inherit c="dimmed" style={{ overflowWrap: 'anywhere' }}>
      {who}
    </Text>
  );
}
