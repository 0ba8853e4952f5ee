/** What the server keeps, the room it takes, what is left, and for how long it is kept. */
import { Group, Stack, Table, Text } from '@mantine/core';
import { useStorage } from '../../../api/storage';
import type { Storage as Kept } from '../../../api/types';
import { bytes, count, share } from '../../../app/format';
import { Facts } from '../../../parts/Facts';
import { LoadingPanels } from '../../../parts/Loading';
import { Page } from '../../../parts/Page';
import { Problem } from '../../../parts/Problem';
import { Section } from '../../../parts/Section';
import { State } from '../../../parts/Status';
import { DiskBar } from './DiskBar';
import { reserveSays, storageSentence } from './words';

export function Storage() {
  const storage = useStorage();
  const { data } = storage;
  return (
    <Page
      title={data === undefined ? 'Storage' : storageSentence(data)}
      help="storage"
      commands={['plimsoll storage get', 'plimsoll doctor']}
    >
      {storage.isError && (
        <Problem
          error={storage.error}
          what="The storage"
          retry={() => void storage.refetch()}
          works={data ? 'Below is what was last seen.' : 'Everything is kept without this page.'}
        />
      )}
      {storage.isPending && <LoadingPanels of="the storage" />}
      {data && (
        <Group gap="md" align="flex-start" className="halves">
          <Stack gap="md" miw={0}>
            <TheDisk storage={data} />
            <Retention storage={data} />
          </Stack>
          <Stack gap="md" miw={0}>
            <Taken storage={data} />
            <Condition storage={data} />
          </Stack>
        </Group>
      )}
    </Page>
  );
}

function TheDisk({ storage }: { storage: Kept }) {
  const { disk } = storage;
  return (
    <Section title="The disk" says={`Of the server that answers, where ${storage.data} is.`}>
      {disk == null ? (
        <Text c="dimmed">It cannot be asked; telemetry is taken until a write fails.</Text>
      ) : (
        <>
          <DiskBar disk={disk} />
          <Facts
            facts={[
              [
                'Free',
                `${bytes(disk.free_bytes)}, ${share(disk.free_bytes / Math.max(1, disk.bytes))}`,
              ],
              [
                'Telemetry',
                <Group key="telemetry" gap="xs" component="span">
                  <State
                    code={disk.takes_telemetry ? 'accepted' : 'refused'}
                    word={disk.takes_telemetry ? 'Taken in' : 'Refused'}
                  />
                  <Text span inherit c="dimmed">
                    while at least {bytes(disk.telemetry_needs_bytes)} are free
                  </Text>
                </Group>,
              ],
              ['Held back', reserveSays(storage)],
            ]}
          />
        </>
      )}
    </Section>
  );
}

function Taken({ storage: { records, tallies } }: { storage: Kept }) {
  const files = ({ count: many, bytes: size }: { count: number; bytes: number }) =>
    `${bytes(size)} in ${count(many)} ${many === 1 ? 'file' : 'files'}`;
  return (
    <Section title="What it keeps" says="As much as is declared, however much is sent.">
      <Table verticalSpacing={6} horizontalSpacing={0} aria-label="What it keeps">
        <Table.Tbody>
          <Line
            name="Records"
            says={`definitions, alerts, releases, people and history, in ${records.store === 'postgres' ? 'Postgres' : 'SQLite'}`}
            value={records.bytes == null ? 'the database knows' : bytes(records.bytes)}
          />
          <Line name="Sample log" says="since the older checkpoint" value={files(tallies.log)} />
          <Line
            name="Checkpoints"
            says="what the log came to; two are kept"
            value={files(tallies.checkpoints)}
          />
          <Line
            name="Sealed days"
            says="minutes and hours that no longer change"
            value={files(tallies.segments)}
          />
          <Line name="Series" says="that count in some tally" value={count(tallies.series)} />
        </Table.Tbody>
      </Table>
    </Section>
  );
}

function Line({ name, says, value }: { name: string; says: string; value: string }) {
  return (
    <Table.Tr>
      <Table.Td>
        {name}
        <Text c="dimmed" fz="sm">
          {says}
        </Text>
      </Table.Td>
      <Table.Td ta="right" fw={600} style={{ verticalAlign: 'top', whiteSpace: 'nowrap' }}>
        {value}
      </Table.Td>
    </Table.Tr>
  );
}

function Condition({ storage: { tallies } }: { storage: Kept }) {
  const { unreadable, checkpoints_failed } = tallies;
  return (
    <Section title="Whether it can be read and written" says="Since this server started.">
      <Facts
        facts={[
          ['Sealed days', trouble(unreadable, 'could not be read, by questions that met one')],
          ['Checkpoints', trouble(checkpoints_failed, 'could not be written')],
        ]}
      />
    </Section>
  );
}

function trouble(many: number, what: string) {
  if (many === 0) return <State code="accepted" word="No trouble" />;
  return (
    <Group gap="xs" component="span">
      <State code="failed" word={count(many)} />
      <Text span inherit>
        {what}
      </Text>
    </Group>
  );
}

function Retention({ storage: { retention } }: { storage: Kept }) {
  return (
    <Section
      title="For how long"
      says="What is older is dropped by itself; windows that reach further back begin at a whole hour."
    >
      <Facts
        facts={[
          ['Minutes', `${count(retention.minutes_days)} days`],
          ['Hours', `${count(retention.hours_days)} days`],
          ['Records', 'for good: history is appended, never dropped'],
        ]}
      />
    </Section>
  );
}
