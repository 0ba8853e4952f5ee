/** The series a tally counted at an instant, with their labels: untrusted text, shown as text. */
import { Code, Group, Stack, Text } from '@mantine/core';
import type { RoutedSeries } from '../api/types';
import { count, duration, sampled, utc } from '../app/format';
import { State } from './Status';

/** More are a matter for the command line. */
const SHOWN_MAX = 50;

export function SeriesList({ series }: { series: RoutedSeries[] }) {
  if (series.length === 0) return <Text c="dimmed">No series was routed here then.</Text>;
  return (
    <Stack gap="sm">
      {series.slice(0, SHOWN_MAX).map((one) => (
        <One key={selector(one.labels)} series={one} />
      ))}
      {series.length > SHOWN_MAX && (
        <Text c="dimmed">
          and {count(series.length - SHOWN_MAX)} more; the command below lists them all.
        </Text>
      )}
    </Stack>
  );
}

function One({ series }: { series: RoutedSeries }) {
  const every =
    series.interval_seconds == null ? '' : `, every ${duration(series.interval_seconds * 1000)}`;
  return (
    <Stack gap={2}>
      <Code fz="sm" style={{ overflowWrap: 'anywhere' }}>
        {selector(series.labels)}
      </Code>
      <Group gap="md" fz="sm">
        <State code={series.state} />
        <Text inherit c="dimmed">
          counts as {series.channels.join(' and ')}
        </Text>
        <Text inherit c="dimmed">
          {sampled(series.last_value)} at {utc(series.last_sample_at)}
          {every}
        </Text>
      </Group>
    </Stack>
  );
}

/** Labels as people write them: `name{a="b"}`. */
export function selector(labels: Record<string, string>): string {
  const { __name__: name = '', ...rest } = labels;
  const pairs = Object.entries(rest)
    .sort()
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(', ')}}`;
}
