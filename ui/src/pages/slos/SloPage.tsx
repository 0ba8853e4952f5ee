/** One SLO: where it stands, why, what changed, and what was decided because of it. */
import { SimpleGrid, Skeleton, Stack, Title } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useSlo } from '../../api/slos';
import type { Slo } from '../../api/types';
import { command } from '../../app/command';
import { spanOf } from '../../app/range';
import { useTitle } from '../../app/title';
import { sloSentence } from '../../app/words';
import { ExplainFor } from '../../parts/ExplainFor';
import { LatestAlerts } from '../../parts/LatestAlerts';
import { LatestDecisions } from '../../parts/LatestDecisions';
import { LatestDeployments } from '../../parts/LatestDeployments';
import { Foot } from '../../parts/Page';
import { Problem } from '../../parts/Problem';
import { Arms } from './Arms';
import { Charts } from './Charts';
import { Head } from './Head';
import { Standing } from './Standing';

const route = getRouteApi('/signed-in/slos/$name');

export function SloPage() {
  const { name } = route.useParams();
  const slo = useSlo(name);
  useTitle(slo.data === undefined ? name : sloSentence(slo.data));
  if (slo.isPending) return <Loading name={name} />;
  if (slo.data === undefined) {
    return (
      <Problem
        error={slo.error}
        what={`The SLO ${name}`}
        retry={() => void slo.refetch()}
        works="The list of SLOs and the command line may still answer."
      />
    );
  }
  return (
    <>
      {slo.isError && (
        <Problem
          error={slo.error}
          what="The latest state"
          works="Below is what was last seen."
          retry={() => void slo.refetch()}
        />
      )}
      <Loaded slo={slo.data} />
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
      <Stack gap="md">
        <Head slo={slo} />
        <Standing slo={slo} />
        <Charts slo={slo} span={span} />
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
          <Stack gap="md" miw={0}>
            <Arms slo={slo} />
            <LatestAlerts of={{ slo: slo.name }} />
          </Stack>
          <Stack gap="md" miw={0}>
            <LatestDeployments service={slo.service} />
            <LatestDecisions service={slo.service} />
          </Stack>
        </SimpleGrid>
        <Foot
          help="slos"
          commands={[
            command`plimsoll get slo ${slo.name}`,
            command`plimsoll explain slo ${slo.name}`,
          ]}
        />
      </Stack>
    </ExplainFor>
  );
}

function Loading({ name }: { name: string }) {
  return (
    <Stack gap="md" aria-busy aria-label={`Loading ${name}`}>
      <Title order={1}>{name}</Title>
      <Skeleton height={150} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {Array.from({ length: 4 }, (_, panel) => (
          <Skeleton key={panel} height={250} />
        ))}
      </SimpleGrid>
    </Stack>
  );
}
