/** What is left of a budget in a line: the load line small, the share, and its interval. */
import { Group, Stack, Text } from '@mantine/core';
import type { Marks } from '../api/types';
import { interval, share } from '../app/format';
import { BudgetGauge } from './BudgetGauge';

/** What of an SLO or a service this needs. */
export interface Budget {
  status?: string | null | undefined;
  budget_remaining?: number | null | undefined;
  budget_remaining_worst?: number | null | undefined;
  budget_remaining_best?: number | null | undefined;
  /** Of an SLO: where its policy has the statuses begin. */
  marks?: Marks | undefined;
}

export function BudgetLeft({ slo, size = 34 }: { slo: Budget; size?: number }) {
  const bounds = { worst: slo.budget_remaining_worst, best: slo.budget_remaining_best };
  const range = interval(bounds);
  return (
    <Group gap="sm" wrap="nowrap">
      <BudgetGauge
        left={slo.budget_remaining}
        {...bounds}
        status={slo.status ?? 'unmeasured'}
        marks={slo.marks}
        size={size}
      />
      <Stack gap={0} miw={52}>
        <Text fw={600} lh={1.3} style={{ whiteSpace: 'nowrap' }}>
          {share(slo.budget_remaining, bounds)}
        </Text>
        {range !== null && (
          <Text c="dimmed" fz="xs" lh={1.3}>
            {range}
          </Text>
        )}
      </Stack>
    </Group>
  );
}
