/** What a service calls, and what calls it, with how they do. */
import { Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useNeighbours } from '../../api/services';
import type { Service } from '../../api/types';
import { nameOf } from '../../app/words';
import { AppLink } from '../../parts/AppLink';
import { Problem } from '../../parts/Problem';
import { Section } from '../../parts/Section';
import { ServiceState } from '../../parts/ServiceState';
import { LoadingBlock } from '../../parts/Loading';
import { callsSentence } from './words';

export function Around({ service }: { service: Service }) {
  const neighbours = useNeighbours(service.name);
  const all = neighbours.data ?? [];
  const calls = all.filter(({ name }) => service.depends_on.includes(name));
  const callers = all.filter(({ depends_on }) => depends_on.includes(service.name));
  const unknown = service.depends_on.filter((name) => !calls.some((one) => one.name === name));
  return (
    <Section
      title="What stands around it"
      says={neighbours.data && callsSentence(calls, unknown.length)}
    >
      {neighbours.isPending && <LoadingBlock of="its neighbours" height={80} />}
      {neighbours.isError && (
        <Problem
          error={neighbours.error}
          what="Its neighbours"
          retry={() => void neighbours.refetch()}
        />
      )}
      {neighbours.data && (
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
          <Side
            title="It calls"
            services={calls}
            none="nothing that is declared"
            unknown={unknown}
          />
          <Side title="It is called by" services={callers} none="nothing that is declared" />
        </SimpleGrid>
      )}
    </Section>
  );
}

interface SideProps {
  title: string;
  services: Service[];
  none: string;
  unknown?: string[];
}

function Side({ title, services, none, unknown = [] }: SideProps) {
  return (
    <Stack gap={6}>
      <Title order={3}>{title}</Title>
      {services.length + unknown.length === 0 && <Text c="dimmed">{none}</Text>}
      {services.map((service) => (
        <Group key={service.name} justify="space-between" wrap="nowrap" align="flex-start">
          <AppLink
            to="/services/$name"
            params={{ name: service.name }}
            style={{ overflowWrap: 'anywhere' }}
          >
            {nameOf(service)}
          </AppLink>
          <ServiceState service={service} />
        </Group>
      ))}
      {unknown.map((name) => (
        <Text key={name} c="dimmed">
          {name}, which the catalog does not know
        </Text>
      ))}
    </Stack>
  );
}
