/**
 * One alert, for someone who was woken by it: where it stands, why it fired, what changed before
 * it, what to do, who was told. On a phone in this order, in one column.
 */
import { Group, Paper, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useAlert } from '../../api/alerts';
import { useDeployments, useDeploymentsOf } from '../../api/deployments';
import { useNeighbours, useService } from '../../api/services';
import { useSlo } from '../../api/slos';
import type { Alert } from '../../api/types';
import { command } from '../../app/command';
import { duration } from '../../app/format';
import { useNow } from '../../app/now';
import { iso } from '../../app/range';
import { usePhone } from '../../app/screen';
import { Ago } from '../../parts/Ago';
import { AppLink } from '../../parts/AppLink';
import { arrival, Arriving } from '../../parts/Arriving';
import { ExplainFor } from '../../parts/ExplainFor';
import { LoadingPanels } from '../../parts/Loading';
import { Page, Slash } from '../../parts/Page';
import { Problem } from '../../parts/Problem';
import { statusFill } from '../../parts/status';
import { AlertState } from './AlertRows';
import { Around } from './Around';
import { Changed } from './Changed';
import { Happened } from './Happened';
import { Told } from './Told';
import { ToDo } from './ToDo';
import { Why } from './Why';
import { advice, alertSentence, lastedMs, suspects } from './words';

const route = getRouteApi('/signed-in/alerts/$id');
/** How far back a change may have led to an alert. */
const LOOK_BACK_MS = 24 * 3_600_000;

export function AlertPage() {
  const { id } = route.useParams();
  const alert = useAlert(id);
  const { data } = alert;
  return (
    <Page
      title={data === undefined ? 'Alert' : alertSentence(data)}
      crumbs={<Crumbs id={id} alert={data} />}
      help="alerts"
      commands={[
        command`plimsoll explain alert ${id}`,
        ...(data === undefined
          ? []
          : [command`plimsoll explain slo ${data.slo} --at ${wholeSecond(data.firing_since)}`]),
      ]}
    >
      <Arriving
        asked={arrival(alert)}
        of="the alert"
        works="Whoever is to be told is told without this page."
        meanwhile={<LoadingPanels of="the alert" />}
      />
      {data && <Loaded alert={data} />}
    </Page>
  );
}

function Loaded({ alert }: { alert: Alert }) {
  const { explain } = route.useSearch();
  const navigate = route.useNavigate();
  const open = (at: string | undefined) =>
    void navigate({ search: { explain: at }, resetScroll: false });
  return (
    <ExplainFor slo={alert.slo} at={explain} now={alert.firing_since} onOpen={open}>
      <Standing alert={alert} />
      <Sections alert={alert} />
    </ExplainFor>
  );
}

const wholeSecond = (at: string) => at.replace(/\.\d+Z$/, 'Z');

function Crumbs({ id, alert }: { id: string; alert: Alert | undefined }) {
  return (
    <>
      <AppLink to="/alerts" inherit>
        Alerts
      </AppLink>
      <Slash />
      {alert === undefined ? (
        <Text inherit>{id}</Text>
      ) : (
        <>
          <AppLink to="/services/$name" params={{ name: alert.service }} inherit>
            {alert.service}
          </AppLink>
          <Slash />
          <AppLink to="/slos/$name" params={{ name: alert.slo }} inherit>
            {alert.slo}
          </AppLink>
        </>
      )}
    </>
  );
}

/** The state at a glance: readable in the dark, half asleep. */
function Standing({ alert }: { alert: Alert }) {
  const now = useNow(1000);
  const firing = alert.phase === 'firing';
  const colour = firing ? statusFill(alert.severity) : 'var(--unknown-fill)';
  return (
    <Paper
      withBorder
      bg="var(--surface)"
      p="md"
      component="section"
      aria-label="Where it stands"
      style={{ borderInlineStart: `6px solid ${colour}` }}
    >
      <Group justify="space-between" gap="xs">
        <AlertState alert={alert} size="lg" />
        <Text fz="lg" fw={600}>
          for {duration(lastedMs(alert, now))}
        </Text>
      </Group>
      <Group gap="md" mt={4} c="dimmed">
        <Text component="div">
          since <Ago at={alert.firing_since} exact />
        </Text>
        {alert.closed_at != null && (
          <Text component="div">
            until <Ago at={alert.closed_at} exact />
          </Text>
        )}
        <Text>{alert.owner == null ? 'nobody owns this service' : `owned by ${alert.owner}`}</Text>
      </Group>
    </Paper>
  );
}

function Sections({ alert }: { alert: Alert }) {
  const phone = usePhone();
  const slo = useSlo(alert.slo);
  const { found, all, called, isPending, failure, unseen } = useContextOf(alert);
  const steps = advice(alert, found, all, called);
  const why = <Why alert={alert} slo={slo.data} />;
  const changed = <Changed alert={alert} found={found} isPending={isPending} failure={failure} />;
  const todo = <ToDo alert={alert} steps={steps} unseen={unseen} />;
  const told = <Told alert={alert} />;
  const happened = <Happened alert={alert} />;
  const around = slo.data ? (
    <Around alert={alert} slo={slo.data} />
  ) : (
    slo.isError && (
      <Problem
        error={slo.error}
        what="How the SLO does now"
        retry={() => void slo.refetch()}
        works="What it fired on is kept with the alert."
      />
    )
  );
  if (phone) {
    return (
      <Stack gap="md">
        {why}
        {changed}
        {todo}
        {told}
        {around}
        {happened}
      </Stack>
    );
  }
  return (
    <Group gap="md" align="flex-start" wrap="nowrap">
      <Stack gap="md" miw={0} style={{ flex: '3 1 0' }}>
        {why}
        {around}
      </Stack>
      <Stack gap="md" miw={0} style={{ flex: '2 1 0' }}>
        {changed}
        {todo}
        {told}
        {happened}
      </Stack>
    </Group>
  );
}

/** What went out around the alert, and how what the service calls does. */
function useContextOf(alert: Alert) {
  const service = useService(alert.service);
  const neighbours = useNeighbours(alert.service);
  const calls = useMemo(() => service.data?.depends_on ?? [], [service.data]);
  const span = useMemo(
    () => ({
      from: iso(Math.floor((Date.parse(alert.firing_since) - LOOK_BACK_MS) / 1000) * 1000),
      to: iso(Math.ceil(Date.parse(alert.firing_since) / 1000) * 1000),
    }),
    [alert.firing_since],
  );
  const near = useDeploymentsOf([alert.service, ...calls], span);
  const own = useDeployments(alert.service);
  const called = (neighbours.data ?? []).filter(({ name }) => calls.includes(name));
  return {
    found: suspects(alert, near.data ?? []),
    all: own.data ?? [],
    called,
    isPending: service.isPending || near.isPending || near.isPlaceholderData,
    failure: service.error ?? near.error,
    /** Whether it is not known how what it calls does. */
    unseen: lacks(service) || lacks(neighbours),
  };
}

/** Whether it could not be read, now or before. */
function lacks({ isError, data }: { isError: boolean; data: unknown }): boolean {
  return isError && data === undefined;
}
