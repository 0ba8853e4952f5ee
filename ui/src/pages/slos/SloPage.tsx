/** One SLO: where it stands, why, what changed, and what was decided because of it. */
import { SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useSlo } from '../../api/slos';
import type { Slo } from '../../api/types';
import { command } from '../../app/command';
import { spanOf } from '../../app/range';
import { sloSentence } from '../../app/words';
import { AppLink } from '../../parts/AppLink';
import { arrival, Arriving } from '../../parts/Arriving';
import { ExplainFor } from '../../parts/ExplainFor';
import { LatestAlerts } from '../../parts/LatestAlerts';
import { LatestDecisions } from '../../parts/LatestDecisions';
import { LatestDeployments } from '../../parts/LatestDeployments';
import { Page, Slash } from '../../parts/Page';
import { Arms } from './Arms';
import { Charts } from './Charts';
import { Head } from './Head';
import { Methods } from './Methods';
import { Owed } from './Owed';
import { Spent } from './Spent';
import { Standing } from './Standing';

const route = getRouteApi('/signed-in/slos/$name');

export function SloPage() {
  const { name } = route.useParams();
  const slo = useSlo(name);
  return (
    <Page
      title={slo.data === undefined ? name : sloSentence(slo.data)}
      crumbs={<Crumbs name={name} service={slo.data?.service} />}
      help="slos"
      commands={[
        command`plimsoll get slo ${name}`,
        command`plimsoll explain slo ${name}`,
        command`plimsoll slos ledger ${name}`,
        command`plimsoll slos methods ${name}`,
      ]}
    >
      <Arriving
        asked={arrival(slo)}
        of={`the SLO ${name}`}
        works="The list of SLOs and the command line may still answer."
        meanwhile={<Loading name={name} />}
      />
      {slo.data && <Loaded slo={slo.data} />}
    </Page>
  );
}

function Crumbs({ name, service }: { name: string; service: string | undefined }) {
  return (
    <>
      <AppLink to="/slos" inherit>
        SLOs
      </AppLink>
      <Slash />
      {service !== undefined && (
        <>
          <AppLink to="/services/$name" params={{ name: service }} inherit>
            {service}
          </AppLink>
          <Slash />
        </>
      )}
      <Text inherit>{name}</Text>
    </>
  );
}

function Loaded({ slo }: { slo: Slo }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { range, from, to } = search;
  const span = useMemo(
    () => spanOf({ range, from, to }, slo),
    [range, from, to, slo.window, slo.unmeasured, slo.as_of],
  );
  const open = (at: string | undefined) =>
    void navigate({ search: (before) => ({ ...before, explain: at }), resetScroll: false });
  return (
    <ExplainFor slo={slo.name} at={search.explain} now={slo.as_of} onOpen={open}>
      <Head slo={slo} />
      <Standing slo={slo} />
      <Charts slo={slo} span={span} />
      <Spent slo={slo.name} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Stack gap="md" miw={0}>
          <Owed slo={slo.name} />
          <Arms slo={slo} />
          <LatestAlerts of={{ slo: slo.name }} />
        </Stack>
        <Stack gap="md" miw={0}>
          <Methods slo={slo.name} />
          <LatestDeployments service={slo.service} />
          <LatestDecisions service={slo.service} />
        </Stack>
      </SimpleGrid>
    </ExplainFor>
  );
}

function Loading({ name }: { name: string }) {
  return (
    <Stack gap="md" role="status" aria-busy aria-label={`Loading ${name}`}>
      <Skeleton height={150} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {Array.from({ length: 4 }, (_, panel) => (
          <Skeleton key={panel} height={250} />
        ))}
      </SimpleGrid>
    </Stack>
  );
}
