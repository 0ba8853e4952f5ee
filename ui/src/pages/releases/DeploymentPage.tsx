/** One deployment: what went out, what the gate had said of it, and what happened after. */
import { Code, Group, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useLatest } from '../../api/alerts';
import { useLatestDecisions } from '../../api/decisions';
import { useDeployment } from '../../api/deployments';
import type { Deployment } from '../../api/types';
import { command } from '../../app/command';
import { duration } from '../../app/format';
import { useNow } from '../../app/now';
import { iso } from '../../app/range';
import { asSentence, plain } from '../../app/words';
import { Ago } from '../../parts/Ago';
import { AppLink } from '../../parts/AppLink';
import { arrival, Arriving } from '../../parts/Arriving';
import { Facts } from '../../parts/Facts';
import { LoadingBlock, LoadingPanels } from '../../parts/Loading';
import { Page } from '../../parts/Page';
import { Problem } from '../../parts/Problem';
import { Section } from '../../parts/Section';
import { State } from '../../parts/Status';
import { Verdict } from '../../parts/Verdict';
import { Crumbs } from './Crumbs';
import { deploymentSentence } from './words';

const route = getRouteApi('/signed-in/releases/deployments/$id');
/** What happens later is hardly its doing. */
const AFTER_MS = 24 * 3_600_000;
const AROUND_MS = 3 * 3_600_000;
/** How many alerts and decisions are looked through; the API gives no more at a time. */
const LOOKED_MAX = 500;

export function DeploymentPage() {
  const { id } = route.useParams();
  const deployment = useDeployment(id);
  const { data } = deployment;
  return (
    <Page
      title={data === undefined ? 'Deployment' : deploymentSentence(data)}
      crumbs={
        <Crumbs
          list={
            <AppLink to="/releases" search={{ show: 'deployments' }} inherit>
              Deployments
            </AppLink>
          }
          id={id}
          service={data?.service}
        />
      }
      help="releases"
      commands={[command`plimsoll get deployment ${id}`]}
    >
      <Arriving
        asked={arrival(deployment)}
        of="the deployment"
        meanwhile={<LoadingPanels of="the deployment" panels={2} />}
      />
      {data && <Loaded deployment={data} />}
    </Page>
  );
}

function Loaded({ deployment }: { deployment: Deployment }) {
  const at = Date.parse(deployment.deployed_at);
  return (
    <>
      <Group gap="md" c="dimmed">
        <Text component="div">
          <Ago at={deployment.deployed_at} />
        </Text>
        <AppLink
          to="/services/$name"
          params={{ name: deployment.service }}
          search={{ from: iso(at - AROUND_MS), to: iso(at + AROUND_MS) }}
        >
          The budgets around it
        </AppLink>
      </Group>
      <Group gap="md" align="flex-start" className="halves">
        <Stack gap="md" miw={0}>
          <After deployment={deployment} />
          <Asked deployment={deployment} />
        </Stack>
        <About deployment={deployment} />
      </Group>
    </>
  );
}

function After({ deployment }: { deployment: Deployment }) {
  const alerts = useLatest({ service: deployment.service }, LOOKED_MAX);
  const now = useNow(60_000);
  const at = Date.parse(deployment.deployed_at);
  const items = alerts.data?.items ?? [];
  const after = items.filter(({ firing_since }) => {
    const later = Date.parse(firing_since) - at;
    return later >= 0 && later <= AFTER_MS;
  });
  const oldest = items.at(-1);
  const cut = alerts.data?.next_cursor != null && Date.parse(oldest?.firing_since ?? '') > at;
  return (
    <Section title="What happened after" says="Alerts of the service in the day that followed.">
      {alerts.isPending && <LoadingBlock of="the alerts" height={40} />}
      {alerts.isError && (
        <Problem error={alerts.error} what="The alerts" retry={() => void alerts.refetch()} />
      )}
      {cut && (
        <Text>
          It lies before the last {LOOKED_MAX} alerts of the service, which are all that is looked
          through{after.length > 0 && ': there may have been more than these'}.
        </Text>
      )}
      {alerts.data && !cut && after.length === 0 && (
        <Text>{now - at < AFTER_MS ? 'No alert fired so far.' : 'No alert fired.'}</Text>
      )}
      <Stack gap="sm">
        {after.map((alert) => (
          <Stack key={alert.id} gap={0}>
            <Group gap="xs">
              <AppLink to="/alerts/$id" params={{ id: alert.id }}>
                <State
                  code={alert.phase === 'firing' ? alert.severity : 'closed'}
                  word={`${alert.severity} for ${alert.slo}`}
                />
              </AppLink>
              <Text c="dimmed">{duration(Date.parse(alert.firing_since) - at)} after</Text>
            </Group>
            <Text fz="sm" style={{ overflowWrap: 'anywhere' }}>
              {asSentence(alert.summary)}
            </Text>
          </Stack>
        ))}
      </Stack>
    </Section>
  );
}

function Asked({ deployment }: { deployment: Deployment }) {
  const { service, environment } = deployment;
  const decisions = useLatestDecisions({ service, environment }, LOOKED_MAX);
  const about = (decisions.data ?? []).filter(({ artifact }) => artifact === deployment.artifact);
  return (
    <Section title="What the gate said of it">
      {decisions.isPending && <LoadingBlock of="the decisions" height={40} />}
      {decisions.isError && (
        <Problem
          error={decisions.error}
          what="The decisions"
          retry={() => void decisions.refetch()}
        />
      )}
      {decisions.data && about.length === 0 && (
        <Text c="dimmed">
          {decisions.data.length < LOOKED_MAX
            ? 'It was not asked about this artifact.'
            : `None of its last ${LOOKED_MAX} decisions here is about this artifact.`}
        </Text>
      )}
      <Stack gap="xs">
        {about.map((decision) => (
          <Group key={decision.id} gap="sm">
            <AppLink to="/releases/decisions/$id" params={{ id: decision.id }}>
              <Verdict decision={decision} />
            </AppLink>
            <Text c="dimmed" component="div">
              as {plain(decision.class)}, <Ago at={decision.decided_at} />
            </Text>
          </Group>
        ))}
      </Stack>
    </Section>
  );
}

function About({ deployment }: { deployment: Deployment }) {
  return (
    <Section title="About it">
      <Facts
        facts={[
          ['Version', deployment.version ?? 'not told'],
          ['Commit', deployment.commit ?? 'not told'],
          ['Artifact', <Code key="artifact">{deployment.artifact}</Code>],
          ['Class', plain(deployment.class)],
          ['Environment', deployment.environment],
          ['Recorded by', deployment.recorded_by],
          ['Deployment', deployment.id],
        ]}
      />
    </Section>
  );
}
