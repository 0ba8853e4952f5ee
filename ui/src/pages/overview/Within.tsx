/** How many services are within their objectives: the answer of the page, drawn as one bar. */
import { Box, Group, Paper, Stack, Text } from '@mantine/core';
import type { Standing } from '../../api/types';
import { count } from '../../app/format';
import { statusWord } from '../../app/words';
import { AppLink } from '../../parts/AppLink';
import { Icon } from '../../parts/icons';
import { State } from '../../parts/Status';
import { statusFill } from '../../parts/status';
import { tally } from '../services/words';

/** In the order of the bar: the calm first. */
const ORDER = [
  'healthy',
  'caution',
  'warning',
  'exhausted',
  'no_traffic',
  'no_data',
  'unmeasured',
] as const;

export function Within({ standing: { services, slos } }: { standing: Standing }) {
  const { total, within, unpromised } = tally(services);
  const parts = ORDER.map((status) => ({ status, many: services.by_status[status] ?? 0 })).filter(
    ({ many }) => many > 0,
  );
  return (
    <Paper withBorder bg="var(--surface)" p="md" component="section" aria-label="Services">
      <Group gap="xl" align="center" wrap="wrap">
        <Stack gap={0}>
          <Text fz={44} fw={650} lh={1.1}>
            {count(within)}
            <Text span c="dimmed" fz="xl" fw={400}>
              {' '}
              of {count(total)}
            </Text>
          </Text>
          <Text>services within their objectives</Text>
          <Text c="dimmed" fz="sm">
            {slos.total === 1 ? 'by one SLO' : `by ${count(slos.total)} SLOs`}
          </Text>
        </Stack>
        <Stack gap="sm" style={{ flex: '1 1 360px' }} miw={0}>
          <Bar parts={parts} unpromised={unpromised} total={total} />
          <Group gap="md" style={{ rowGap: 6 }}>
            {parts.map(({ status, many }) => (
              <AppLink
                key={status}
                to="/services"
                search={{ status }}
                underline="hover"
                c="var(--ink)"
              >
                <State code={status} word={`${count(many)} ${statusWord(status).toLowerCase()}`} />
              </AppLink>
            ))}
            {unpromised > 0 && (
              <Group gap={5} c="dimmed" component="span">
                <Icon name="dash" size={15} />
                <Text span inherit>
                  {count(unpromised)} without any SLO
                </Text>
              </Group>
            )}
          </Group>
        </Stack>
      </Group>
    </Paper>
  );
}

interface BarProps {
  parts: { status: string; many: number }[];
  unpromised: number;
  total: number;
}

function Bar({ parts, unpromised, total }: BarProps) {
  const width = (many: number) => `${(many / total) * 100}%`;
  return (
    <Group gap={2} wrap="nowrap" h={22} aria-hidden>
      {parts.map(({ status, many }) => (
        <Box
          key={status}
          h="100%"
          miw={4}
          w={width(many)}
          style={{ background: statusFill(status), ...hatched(status) }}
        />
      ))}
      {unpromised > 0 && <Box h="100%" miw={4} w={width(unpromised)} bg="var(--area-neutral)" />}
    </Group>
  );
}

/** What cannot be seen is hatched, so that it is no shade of the others. */
function hatched(status: string) {
  if (status !== 'no_data' && status !== 'unmeasured') return {};
  return {
    background:
      'repeating-linear-gradient(45deg, var(--unknown-fill) 0 5px, var(--area-neutral) 5px 9px)',
  };
}
