/** Whether what everything rests on comes in. */
import { SimpleGrid, Stack, Text } from '@mantine/core';
import { useTelemetry } from '../../api/telemetry';
import { count } from '../../app/format';
import { AppLink } from '../../parts/AppLink';
import { telemetrySentence } from '../admin/telemetry/words';
import { Panel } from './Panel';

export function CameIn() {
  const telemetry = useTelemetry();
  const { data } = telemetry;
  return (
    <Panel
      title={data && telemetrySentence(data)}
      what="Telemetry"
      error={telemetry.error}
      retry={() => void telemetry.refetch()}
      more={
        <AppLink to="/admin/telemetry" fz="sm" style={{ whiteSpace: 'nowrap' }}>
          All of it
        </AppLink>
      }
    >
      {data && (
        <SimpleGrid cols={3} spacing="md">
          <Figure value={data.series} says="series counted" />
          <Figure value={data.undeclared} says="samples that nothing names" />
          <Figure value={data.scrapes.length} says="scrape targets" />
        </SimpleGrid>
      )}
      {data && (
        <Text c="dimmed" fz="sm">
          Since this server started.
        </Text>
      )}
    </Panel>
  );
}

function Figure({ value, says }: { value: number; says: string }) {
  return (
    <Stack gap={0}>
      <Text fz="xl" fw={600} lh={1.3}>
        {count(value)}
      </Text>
      <Text c="dimmed" fz="sm">
        {says}
      </Text>
    </Stack>
  );
}
