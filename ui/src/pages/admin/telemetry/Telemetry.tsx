/** What came in since the server started, and what was dropped and why. */
import { Group, Stack, Table, Text } from '@mantine/core';
import { useTelemetry } from '../../../api/telemetry';
import type { Telemetry as Counts } from '../../../api/types';
import { count } from '../../../app/format';
import { Ago } from '../../../parts/Ago';
import { Facts } from '../../../parts/Facts';
import { LoadingPanels } from '../../../parts/Loading';
import { Page } from '../../../parts/Page';
import { Problem } from '../../../parts/Problem';
import { Section } from '../../../parts/Section';
import { State } from '../../../parts/Status';
import { drops, telemetrySentence } from './words';

export function Telemetry() {
  const telemetry = useTelemetry();
  const { data } = telemetry;
  return (
    <Page
      title={data === undefined ? 'Telemetry' : telemetrySentence(data)}
      help="telemetry"
      commands={['plimsoll telemetry get', 'plimsoll doctor']}
    >
      {telemetry.isError && (
        <Problem
          error={telemetry.error}
          what="The telemetry"
          retry={() => void telemetry.refetch()}
          works={data ? 'Below is what was last seen.' : 'Samples are taken in without this page.'}
        />
      )}
      {telemetry.isPending && <LoadingPanels of="the telemetry" />}
      {data && (
        <Group gap="md" align="flex-start" className="halves">
          <Stack gap="md" miw={0}>
            <CameIn counts={data} />
          </Stack>
          <Stack gap="md" miw={0}>
            <Targets counts={data} />
            <Senders counts={data} />
          </Stack>
        </Group>
      )}
    </Page>
  );
}

function CameIn({ counts }: { counts: Counts }) {
  return (
    <Section title="Samples" says="Since this server started.">
      <Table verticalSpacing={6} horizontalSpacing={0} aria-label="Samples">
        <Table.Tbody>
          <Line name="Counted" says="taken into a tally" value={counts.accepted} tone="accepted" />
          {drops(counts).map(({ name, says, value }) => (
            <Line key={name} name={name} says={says} value={value} tone="failed" />
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}

interface LineProps {
  name: string;
  says: string;
  value: number;
  tone: string;
}

function Line({ name, says, value, tone }: LineProps) {
  return (
    <Table.Tr>
      <Table.Td>
        <Text inherit fw={value > 0 ? 600 : 400}>
          {name}
        </Text>
        <Text c="dimmed" fz="sm">
          {says}
        </Text>
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: 'nowrap', verticalAlign: 'top' }}>
        <Text
          inherit
          c={value > 0 && tone === 'failed' ? 'var(--warning-ink)' : undefined}
          fw={600}
        >
          {count(value)}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

function Targets({ counts: { scrapes } }: { counts: Counts }) {
  return (
    <Section title="Scrape targets" says="What this server fetches itself.">
      {scrapes.length === 0 && (
        <Text c="dimmed">None is declared: samples are pushed, by remote write.</Text>
      )}
      <Stack gap="sm">
        {scrapes.map(({ target, last_at, error }) => (
          <Stack key={target} gap={0}>
            <Group justify="space-between" gap="xs">
              <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
                {target}
              </Text>
              <State
                code={error != null ? 'failed' : last_at == null ? 'pending' : 'accepted'}
                word={error != null ? 'Failed' : last_at == null ? 'Not yet' : 'Fine'}
              />
            </Group>
            <Text c="dimmed" fz="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
              {last_at == null ? 'never scraped' : <Ago at={last_at} />}
              {error != null && `: ${error}`}
            </Text>
          </Stack>
        ))}
      </Stack>
    </Section>
  );
}

function Senders({ counts: { offenders } }: { counts: Counts }) {
  return (
    <Section
      title="Senders over a cap"
      says="Memory follows what is declared: series beyond a cap are dropped, and their sender is named."
    >
      {offenders.length === 0 && <Text>None.</Text>}
      <Facts
        facts={offenders.map(({ sender, over_cap }) => [sender, `${count(over_cap)} dropped`])}
      />
    </Section>
  );
}
