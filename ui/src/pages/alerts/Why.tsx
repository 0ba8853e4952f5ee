/** Why an alert fired: the numbers it fired on, each arm against its factor. */
import { Button, Group, Stack, Text } from '@mantine/core';
import type { Alert, Slo } from '../../api/types';
import { asSentence } from '../../app/words';
import { ArmBars } from '../../parts/ArmBars';
import { BudgetGauge } from '../../parts/BudgetGauge';
import { useAskWhy } from '../../parts/Figure';
import { Section } from '../../parts/Section';
import { budgetWords } from './words';

export function Why({ alert, slo }: { alert: Alert; slo: Slo | undefined }) {
  const ask = useAskWhy();
  const budget = budgetWords(alert, slo);
  return (
    <Section
      title="Why it fired"
      aside={
        <Button variant="default" size="sm" onClick={() => ask(alert.firing_since)}>
          Explain the numbers
        </Button>
      }
    >
      <Text fz="lg">{asSentence(alert.summary)}</Text>
      {alert.arms.length > 0 && (
        <Stack gap="lg" my="xs">
          {alert.arms.map((arm) => (
            <ArmBars key={`${arm.severity} ${arm.long_window} ${arm.factor}`} arm={arm} />
          ))}
        </Stack>
      )}
      {budget !== null && (
        <Group gap="sm" wrap="nowrap">
          <BudgetGauge
            left={slo?.budget_remaining ?? alert.budget_remaining}
            worst={slo?.budget_remaining_worst}
            best={slo?.budget_remaining_best}
            status={slo?.status ?? 'unmeasured'}
            marks={slo?.marks}
            size={40}
          />
          <Text>{budget}</Text>
        </Group>
      )}
    </Section>
  );
}
