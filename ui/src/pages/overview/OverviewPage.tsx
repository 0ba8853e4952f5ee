/** For someone with five minutes a week: how services do, what burns, what changed since last week. */
import { SimpleGrid } from '@mantine/core';
import { useStanding } from '../../api/slos';
import { Empty } from '../../parts/Empty';
import { LoadingPanels } from '../../parts/Loading';
import { Page } from '../../parts/Page';
import { Problem } from '../../parts/Problem';
import { Burning } from './Burning';
import { CameIn } from './CameIn';
import { Denied } from './Denied';
import { Owed } from './Owed';
import { Told } from './Told';
import { Unseen } from './Unseen';
import { AlertWeeks, DeploymentWeeks } from './Weeks';
import { Within } from './Within';
import { Worst } from './Worst';
import { overviewSentence } from './words';

export function OverviewPage() {
  const standing = useStanding();
  const { data } = standing;
  return (
    <Page
      title={data === undefined ? 'Overview' : overviewSentence(data)}
      help="overview"
      commands={['plimsoll get service', 'plimsoll get alert']}
    >
      {standing.isError && (
        <Problem
          error={standing.error}
          what="How services stand"
          retry={() => void standing.refetch()}
          works={
            data
              ? 'Below is what was last seen.'
              : 'Measuring and alerting do not depend on this page.'
          }
        />
      )}
      {standing.isPending && <LoadingPanels of="the overview" panels={6} />}
      {data?.services.total === 0 && data.slos.total === 0 && <Blank />}
      {data !== undefined && data.services.total > 0 && (
        <>
          <Within standing={data} />
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
            <Burning />
            <Worst />
            <AlertWeeks />
            <DeploymentWeeks />
            <Denied />
            <Unseen counts={data.slos} />
            <Told />
            <CameIn />
            <Owed />
          </SimpleGrid>
        </>
      )}
    </Page>
  );
}

function Blank() {
  return (
    <Empty
      title="From here to the first budget in three commands"
      commands={[
        { line: 'plimsoll init', says: 'Write a starter set of definitions:' },
        { line: 'plimsoll lint -f .', says: 'Find their faults, all at once:' },
        {
          line: 'plimsoll apply -f .',
          says: 'Put them in force; samples are counted from then on:',
        },
      ]}
    >
      Plimsoll measures what users were promised, keeps the error budget, tells someone when it
      burns, and decides releases by it. This page sums it up once there is a service with an SLO.
    </Empty>
  );
}
