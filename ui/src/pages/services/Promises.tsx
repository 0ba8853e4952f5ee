/** What a service promises its users: each SLO with its load line, and its budget over time. */
import { Box, Button, Group, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Listing } from '../../api/pages';
import type { Service, Slo } from '../../api/types';
import { burn, exactShare, share, windowText } from '../../app/format';
import type { RangeSearch } from '../../app/range';
import { nameOf, pace } from '../../app/words';
import { AppLink } from '../../parts/AppLink';
import { BudgetGauge } from '../../parts/BudgetGauge';
import { Empty } from '../../parts/Empty';
import { later } from '../../parts/later';
import { LoadingPanels } from '../../parts/Loading';
import { Problem } from '../../parts/Problem';
import { RangeControl } from '../../parts/RangeControl';
import { State, Status } from '../../parts/Status';

/** Charts come after the words. */
const SloChart = later(() => import('./SloChart').then((m) => m.SloChart));

const route = getRouteApi('/signed-in/services/$name');
/** A page has at most so many charts. */
const CHARTS_MAX = 6;

export function Promises({ service, slos }: { service: Service; slos: Listing<Slo> }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const go = (change: RangeSearch) =>
    void navigate({ search: (before) => ({ ...before, ...change }), resetScroll: false });
  if (service.slos.length === 0) return <NothingPromised service={service.name} />;
  return (
    <Stack gap="sm" component="section" aria-label="What it promises">
      {slos.isError && (
        <Problem
          error={slos.error}
          what="Its SLOs"
          retry={slos.retry}
          works="The rest of the page still tells what it knows."
        />
      )}
      {slos.isPending && <LoadingPanels of="its SLOs" panels={2} />}
      {slos.items.length > 0 && (
        <RangeControl
          search={search}
          fallback="24h"
          window={soleWindow(slos.items)}
          onRange={(range) => go({ range, from: undefined, to: undefined })}
          onBack={() => go({ from: undefined, to: undefined })}
        />
      )}
      <SimpleGrid cols={{ base: 1, md: slos.items.length > 1 ? 2 : 1 }} spacing="sm">
        {slos.items.map((slo, index) => (
          <One
            key={slo.name}
            slo={slo}
            search={search}
            charted={index < CHARTS_MAX}
            alone={slos.items.length === 1}
            go={go}
          />
        ))}
      </SimpleGrid>
      {slos.more && (
        <Group>
          <Button variant="default" onClick={slos.next}>
            Show more of its SLOs
          </Button>
        </Group>
      )}
    </Stack>
  );
}

/** The window of all; none where they differ. */
function soleWindow(slos: Slo[]): string | undefined {
  const [window, ...others] = new Set(slos.map((slo) => slo.window));
  return others.length === 0 ? window : undefined;
}

interface OneProps {
  slo: Slo;
  search: RangeSearch;
  charted: boolean;
  /** Whether it has the row for itself. */
  alone: boolean;
  go: (change: RangeSearch) => void;
}

function One({ slo, search, charted, alone, go }: OneProps) {
  const bounds = { worst: slo.budget_remaining_worst, best: slo.budget_remaining_best };
  return (
    <Paper withBorder bg="var(--surface)" p="md" miw={0} className={alone ? 'promise-alone' : ''}>
      <Group gap="md" wrap="nowrap" align="center">
        <BudgetGauge
          left={slo.budget_remaining}
          {...bounds}
          status={slo.status}
          marks={slo.marks}
          size={72}
        />
        <Stack gap={2} miw={0} style={{ flex: 1 }}>
          <AppLink
            to="/slos/$name"
            params={{ name: slo.name }}
            search={search}
            fw={600}
            fz="lg"
            lh={1.3}
            style={{ overflowWrap: 'anywhere' }}
          >
            {nameOf(slo)}
          </AppLink>
          <Group gap="sm">
            {slo.alert != null && <State code="firing" />}
            <Status status={slo.status} />
          </Group>
          <Text>{leftOf(slo)}</Text>
          <Text c="dimmed" fz="sm">
            {exactShare(slo.objective)} over {windowText(slo.window)}
          </Text>
        </Stack>
      </Group>
      {charted && (
        <Box mt={alone ? { base: 'sm', md: 0 } : 'sm'} miw={0}>
          <SloChart slo={slo} search={search} go={go} />
        </Box>
      )}
    </Paper>
  );
}

/** What is left, and how fast it goes; what is not known is not a dash of something. */
function leftOf(slo: Slo): ReactNode {
  if (slo.budget_remaining == null) return 'How much of the budget is left is unknown.';
  const bounds = { worst: slo.budget_remaining_worst, best: slo.budget_remaining_best };
  const rate = pace(slo);
  return (
    <>
      <b>{share(slo.budget_remaining, bounds)}</b> of the budget left
      {rate !== null && `, burn ${burn(rate)}`}
    </>
  );
}

function NothingPromised({ service }: { service: string }) {
  return (
    <Empty
      title="Say what its users can rely on"
      commands={[
        { line: 'plimsoll init', says: 'Write a first set of documents to start from:' },
        {
          line: 'plimsoll apply -f slos/',
          says: `Apply an SLO that names the service ${service}:`,
        },
      ]}
    >
      Without an SLO nobody can tell whether the users of this service are happy, no budget is kept,
      and its gate has nothing to go by: it denies.
    </Empty>
  );
}
