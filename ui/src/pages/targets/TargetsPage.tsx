/** Choosing an objective: which target fits which use, and what each allows over a window. */
import { SegmentedControl, Stack, Table, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTargets } from '../../api/objectives';
import type { ServiceType, Target, Targets } from '../../api/types';
import { command } from '../../app/command';
import { count, exactShare, outage, windowText } from '../../app/format';
import { usePhone } from '../../app/screen';
import { sentenceCase } from '../../app/words';
import { AppLink } from '../../parts/AppLink';
import { Command } from '../../parts/Command';
import { LoadingRows } from '../../parts/Loading';
import { OriginOf } from '../../parts/Origin';
import { Page, Slash } from '../../parts/Page';
import { Problem } from '../../parts/Problem';
import { Said } from '../../parts/Said';
import { Section } from '../../parts/Section';

const route = getRouteApi('/signed-in/targets');

/** Windows to look at; the server computes any. */
const WINDOWS = ['7d', '28d', '30d', '90d', '365d'];

export function TargetsPage() {
  const { window = '30d' } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, isPending, refetch } = useTargets(window);
  return (
    <Page
      title="How reliable should it be?"
      crumbs={
        <>
          <AppLink to="/slos" inherit>
            SLOs
          </AppLink>
          <Slash />
          <span>Targets</span>
        </>
      }
      help="defaults"
      commands={[command`plimsoll slos targets --window ${window}`]}
    >
      <SegmentedControl
        aria-label="Window"
        data={WINDOWS.map((value) => ({ value, label: windowText(value) }))}
        value={window}
        onChange={(chosen) => void navigate({ search: { window: chosen }, replace: true })}
        style={{ alignSelf: 'flex-start', maxWidth: '100%', overflowX: 'auto' }}
      />
      {isPending && <LoadingRows of="the targets" />}
      {error !== null && <Problem error={error} what="The targets" retry={() => void refetch()} />}
      {data !== undefined && <Loaded of={data} />}
    </Page>
  );
}

function Loaded({ of }: { of: Targets }) {
  const over = windowText(of.window);
  return (
    <Stack gap="md">
      <Section
        title="What each target allows"
        says={`Computed for ${over}: the outage is the whole budget spent at once, at even traffic.`}
      >
        <Choices targets={of.targets} />
        {of.raising != null && (
          <Text maw={760}>
            <Said text={of.raising} />
          </Text>
        )}
        <OriginOf of={of.guide} subject="By the" whose={of.guide} />
      </Section>
      {(of.starting.length > 0 || of.tiers.length > 0) && (
        <Section title="Where to begin">
          {of.starting.map((start) => (
            <Text key={start.of}>
              <b>{exactShare(start.target)}</b> for {start.of}:{' '}
              {outage(start.allows.downtime_seconds)} over {over}.
            </Text>
          ))}
          {of.tiers.map(({ tier, target, allows }) => (
            <Text key={tier} c="dimmed">
              Tier {tier}: at most {exactShare(target)}, which is {outage(allows.downtime_seconds)}.
              A stricter target is applied with a warning.
            </Text>
          ))}
        </Section>
      )}
      {of.service_types.length > 0 && <Types types={of.service_types} />}
    </Stack>
  );
}

function Choices({ targets }: { targets: Target[] }) {
  const phone = usePhone();
  if (phone) {
    return (
      <Stack gap="sm">
        {targets.map((choice) => (
          <Stack key={choice.target} gap={0}>
            <Text>
              <b>{exactShare(choice.target)}</b> allows {outage(choice.allows.downtime_seconds)}
            </Text>
            <Text c="dimmed" fz="sm">
              <Said text={choice.uses.join(', ')} />
              {choice.effort != null && `; effort: ${choice.effort}`}
            </Text>
          </Stack>
        ))}
      </Stack>
    );
  }
  return (
    <Table verticalSpacing={6} horizontalSpacing="md" aria-label="Targets">
      <Table.Thead>
        <Table.Tr>
          <Table.Th ta="right">Target</Table.Th>
          <Table.Th ta="right">Outage</Table.Th>
          <Table.Th ta="right">Failures per million</Table.Th>
          <Table.Th ta="right">Budget shrinks</Table.Th>
          <Table.Th>For</Table.Th>
          <Table.Th>Effort</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {targets.map((choice) => (
          <Table.Tr key={choice.target}>
            <Table.Td ta="right" fw={600}>
              {exactShare(choice.target)}
            </Table.Td>
            <Table.Td ta="right">{outage(choice.allows.downtime_seconds)}</Table.Td>
            <Table.Td ta="right">{count(choice.allows.failures_per_million)}</Table.Td>
            <Table.Td ta="right">
              {choice.shrinks == null ? '' : `${Math.round(choice.shrinks * 100) / 100}×`}
            </Table.Td>
            <Table.Td>
              <Said text={choice.uses.join(', ')} />
            </Table.Td>
            <Table.Td>{choice.effort}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Types({ types }: { types: ServiceType[] }) {
  return (
    <Section
      title="Ready indicators"
      says="Each writes an SLI and an SLO for every objective, to be edited and applied."
    >
      {types.map((of) => (
        <Stack key={of.name} gap={4}>
          <Text fw={600}>{of.display_name ?? of.name}</Text>
          <Text c="dimmed" fz="sm">
            {sentenceCase(of.objectives.join(', '))}.{' '}
            {of.description && <Said text={of.description} />}
          </Text>
          <Command line={command`plimsoll slos suggest --type ${of.name} --service NAME`} />
        </Stack>
      ))}
    </Section>
  );
}
