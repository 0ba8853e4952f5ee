/** The budgets with the least left. */
import { Group, Stack, Text } from '@mantine/core';
import { useSlos } from '../../api/slos';
import type { Slo } from '../../api/types';
import { share, windowText } from '../../app/format';
import { nameOf } from '../../app/words';
import { AppLink } from '../../parts/AppLink';
import { BudgetLeft } from '../../parts/BudgetLeft';
import { Panel } from './Panel';

const SHOWN = 5;

export function Worst() {
  const slos = useSlos({ sort: 'budget' }, SHOWN);
  const known = slos.items.filter(({ budget_remaining }) => budget_remaining != null);
  return (
    <Panel
      title={slos.known ? sentence(known) : undefined}
      what="The least budgets"
      error={slos.error}
      retry={slos.retry}
      more={
        <AppLink to="/slos" search={{ sort: 'budget' }} fz="sm" style={{ whiteSpace: 'nowrap' }}>
          All SLOs
        </AppLink>
      }
    >
      <Stack gap={8}>
        {known.slice(0, SHOWN).map((slo) => (
          <Group key={slo.name} justify="space-between" wrap="nowrap" gap="md">
            <Stack gap={0} miw={0}>
              <AppLink
                to="/slos/$name"
                params={{ name: slo.name }}
                style={{ overflowWrap: 'anywhere' }}
              >
                {nameOf(slo)}
              </AppLink>
              <Text c="dimmed" fz="sm">
                {slo.service} · {windowText(slo.window)}
              </Text>
            </Stack>
            <BudgetLeft slo={slo} size={30} />
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}

function sentence([least]: Slo[]): string {
  if (least === undefined) return 'No budget is known yet';
  const left = least.budget_remaining ?? 0;
  if (left < 0) return `${nameOf(least)} has overspent the most, by ${share(-left)}`;
  return `${nameOf(least)} has the least budget left, ${share(left)}`;
}
