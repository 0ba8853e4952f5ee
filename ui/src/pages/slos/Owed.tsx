/** What is known to violate the SLO, and by when it is to be mended. */
import { Stack } from '@mantine/core';
import { useKnownViolations } from '../../api/violations';
import { Debt } from '../../parts/Debt';
import { Problem } from '../../parts/Problem';
import { Section } from '../../parts/Section';

export function Owed({ slo }: { slo: string }) {
  const debts = useKnownViolations({ slo });
  const items = debts.data?.items ?? [];
  if (debts.isError && debts.data === undefined)
    return (
      <Problem
        error={debts.error}
        what="What is known to violate it"
        retry={() => void debts.refetch()}
      />
    );
  if (items.length === 0) return null;
  return (
    <Section
      title="Known to violate it"
      says="A debt with a day on which it is to be paid. Measuring, alerts and gates go on as ever."
    >
      <Stack gap="md">
        {items.map((debt) => (
          <Debt key={debt.name} debt={debt} />
        ))}
      </Stack>
    </Section>
  );
}
