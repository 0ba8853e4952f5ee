/** One service: are its users happy, what changed, what was decided, and what stands around it. */
import { Group, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useService } from '../../api/services';
import { useSlos } from '../../api/slos';
import type { Service } from '../../api/types';
import { command } from '../../app/command';
import { useTitle } from '../../app/title';
import { asSentence, nameOf } from '../../app/words';
import { AppLink } from '../../parts/AppLink';
import { LatestAlerts } from '../../parts/LatestAlerts';
import { LatestDecisions } from '../../parts/LatestDecisions';
import { LatestDeployments } from '../../parts/LatestDeployments';
import { LoadingPanels } from '../../parts/Loading';
import { Page, Slash } from '../../parts/Page';
import { Problem } from '../../parts/Problem';
import { Said } from '../../parts/Said';
import { ServiceState } from '../../parts/ServiceState';
import { About } from './About';
import { Around } from './Around';
import { Promises } from './Promises';
import { serviceSentence } from './words';

const route = getRouteApi('/signed-in/services/$name');

export function ServicePage() {
  const { name } = route.useParams();
  const service = useService(name);
  if (service.data !== undefined) return <Loaded service={service.data} />;
  return (
    <Untold name={name}>
      {service.isPending ? (
        <LoadingPanels of={name} />
      ) : (
        <Problem
          error={service.error}
          what={`The service ${name}`}
          retry={() => void service.refetch()}
          works="The list of services and the command line may still answer."
        />
      )}
    </Untold>
  );
}

/** Its name is the title of the tab until there is a sentence. */
function Untold({ name, children }: { name: string; children: ReactNode }) {
  useTitle(name);
  return children;
}

function Loaded({ service }: { service: Service }) {
  const slos = useSlos({ service: service.name, sort: 'gravity' });
  const title = slos.known ? serviceSentence(service, slos.items) : nameOf(service);
  return (
    <Page
      title={title}
      crumbs={
        <>
          <AppLink to="/services" inherit>
            Services
          </AppLink>
          <Slash />
          <Text inherit>{service.name}</Text>
        </>
      }
      help="services"
      commands={[
        command`plimsoll get service ${service.name}`,
        command`plimsoll get slo --service ${service.name}`,
      ]}
    >
      <Group gap="md">
        <ServiceState service={service} inline />
        <Text c="dimmed">
          {service.owner == null ? 'nobody owns this service' : `owned by ${service.owner}`}
          {service.tier != null && `, tier ${service.tier}`}
        </Text>
      </Group>
      {service.description != null && (
        <Text c="dimmed" maw={900} style={{ overflowWrap: 'anywhere' }}>
          <Said text={asSentence(service.description)} />
        </Text>
      )}
      <Promises service={service} slos={slos} />
      <Group gap="md" align="flex-start" className="halves">
        <Stack gap="md" miw={0}>
          <LatestAlerts of={{ service: service.name }} />
          <LatestDeployments service={service.name} />
        </Stack>
        <Stack gap="md" miw={0}>
          <Around service={service} />
          <LatestDecisions service={service.name} />
          <About service={service} />
        </Stack>
      </Group>
    </Page>
  );
}
