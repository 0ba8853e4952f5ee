/** One service: are its users happy, what changed, what was decided, and what stands around it. */
import { Group, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { Listing } from '../../api/pages';
import { useService } from '../../api/services';
import { useSlos } from '../../api/slos';
import type { Service, Slo } from '../../api/types';
import { command } from '../../app/command';
import { asSentence, nameOf } from '../../app/words';
import { AppLink } from '../../parts/AppLink';
import { arrival, Arriving } from '../../parts/Arriving';
import { LatestAlerts } from '../../parts/LatestAlerts';
import { LatestDecisions } from '../../parts/LatestDecisions';
import { LatestDeployments } from '../../parts/LatestDeployments';
import { LoadingPanels } from '../../parts/Loading';
import { Page, Slash } from '../../parts/Page';
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
  const slos = useSlos({ service: name, sort: 'gravity' });
  return (
    <Page
      title={titleOf(name, service.data, slos)}
      crumbs={
        <>
          <AppLink to="/services" inherit>
            Services
          </AppLink>
          <Slash />
          <Text inherit>{name}</Text>
        </>
      }
      help="services"
      commands={[
        command`plimsoll get service ${name}`,
        command`plimsoll get slo --service ${name}`,
      ]}
    >
      <Arriving
        asked={arrival(service)}
        of={`the service ${name}`}
        works="The list of services and the command line may still answer."
        meanwhile={<LoadingPanels of={name} />}
      />
      {service.data && <Loaded service={service.data} slos={slos} />}
    </Page>
  );
}

/** A sentence once it is known how it does; its name until then. */
function titleOf(name: string, service: Service | undefined, slos: Listing<Slo>): string {
  if (service === undefined) return name;
  return slos.known ? serviceSentence(service, slos.items) : nameOf(service);
}

function Loaded({ service, slos }: { service: Service; slos: Listing<Slo> }) {
  return (
    <>
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
    </>
  );
}
