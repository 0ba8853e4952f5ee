/** What is owed to SLOs for known reasons, and was to be mended by now. Nothing, where nothing is owed. */
import { Stack, Text } from '@mantine/core';
import { useKnownViolations } from '../../api/violations';
import { AppLink } from '../../parts/AppLink';
import { Debt } from '../../parts/Debt';
import { Said } from '../../parts/Said';
import { Panel } from './Panel';
import { owedSentence } from './words';

const COUNTED_MAX = 500;
const SHOWN = 3;

export function Owed() {
  const debts = useKnownViolations({}, COUNTED_MAX);
  const { items = [], more = false } = debts.data ?? {};
  if (debts.data !== undefined && items.length === 0 && !debts.isError) return null;
  return (
    <Panel
      title={debts.data && owedSentence(items, more)}
      what="Known violations"
      error={debts.error}
      retry={() => void debts.refetch()}
    >
      <Stack gap="sm">
        {items.slice(0, SHOWN).map((debt) => (
          <Debt
            key={debt.name}
            debt={debt}
            of={
              <AppLink to="/slos/$name" params={{ name: debt.slo }} fw={600}>
                {debt.slo}
              </AppLink>
            }
          />
        ))}
        {items.length > SHOWN && (
          <Text c="dimmed" fz="sm">
            <Said text="`plimsoll get known-violation` shows all of them." />
          </Text>
        )}
      </Stack>
    </Panel>
  );
}
