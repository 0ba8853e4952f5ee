/** What a team owns: its services with how they do, and over what it is told. */
import { Group, Stack, Text } from '@mantine/core';
import { useReceivers } from '../../../api/receivers';
import { useServices } from '../../../api/services';
import type { Team } from '../../../api/types';
import { nameOf } from '../../../app/words';
import { AppLink } from '../../../parts/AppLink';
import { Problem } from '../../../parts/Problem';
import { Section } from '../../../parts/Section';
import { ServiceState } from '../../../parts/ServiceState';
import { ReceiverState } from '../receivers/ReceiverState';
import { receiversOf } from './words';
import { LoadingBlock } from '../../../parts/Loading';

/** More are on the page of services. */
const SHOWN_MAX = 50;

export function Owns({ team }: { team: Team }) {
  return (
    <>
      <Services team={team} />
      <Receivers team={team} />
    </>
  );
}

function Services({ team }: { team: Team }) {
  const services = useServices({ owner: team.name, sort: 'gravity' }, SHOWN_MAX);
  return (
    <Section
      title="Its services"
      says="Editors of the team change their documents."
      aside={
        <AppLink to="/services" search={{ owner: team.name }} fz="sm">
          All of them
        </AppLink>
      }
    >
      {services.isPending && <LoadingBlock of="the services" height={60} />}
      {services.isError && (
        <Problem error={services.error} what="The services" retry={services.retry} />
      )}
      {services.known && services.items.length === 0 && (
        <Text c="dimmed">None: no Component names it as its owner.</Text>
      )}
      {services.items.map((service) => (
        <Line key={service.name} state={<ServiceState service={service} inline />}>
          <AppLink to="/services/$name" params={{ name: service.name }} inherit>
            {nameOf(service)}
          </AppLink>
        </Line>
      ))}
    </Section>
  );
}

function Receivers({ team }: { team: Team }) {
  const receivers = useReceivers();
  const own = receiversOf(team.name, receivers.data);
  return (
    <Section title="Its receivers" says="Who is told when its services burn.">
      {receivers.isPending && <LoadingBlock of="the receivers" height={40} />}
      {receivers.isError && (
        <Problem
          error={receivers.error}
          what="The receivers"
          retry={() => void receivers.refetch()}
        />
      )}
      {receivers.data && own.length === 0 && (
        <Text c="dimmed">
          None of its own: those that are marked as default are told.{' '}
          <AppLink to="/admin/receivers" inherit underline="always">
            All receivers
          </AppLink>
        </Text>
      )}
      <Stack gap="xs">
        {own.map((receiver) => (
          <Line key={receiver.name} state={<ReceiverState receiver={receiver} />}>
            <AppLink to="/admin/receivers/$name" params={{ name: receiver.name }} inherit>
              {receiver.name}
            </AppLink>
          </Line>
        ))}
      </Stack>
    </Section>
  );
}

function Line({ state, children }: { state: React.ReactNode; children: React.ReactNode }) {
  return (
    <Group justify="space-between" wrap="nowrap" gap="sm">
      <Text style={{ overflowWrap: 'anywhere' }} component="div">
        {children}
      </Text>
      {state}
    </Group>
  );
}
