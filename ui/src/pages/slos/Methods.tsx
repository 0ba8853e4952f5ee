/** The budget by each budgeting method, from the same minutes: what another would have said. */
import { Group, Stack, Text } from '@mantine/core';
import { useMethods } from '../../api/slos';
import type { Method } from '../../api/types';
import { count, share } from '../../app/format';
import { counted, sliceSentence } from '../../app/words';
import { arrival, Arriving } from '../../parts/Arriving';
import { Hint } from '../../parts/Hint';
import { LoadingBlock } from '../../parts/Loading';
import { Section } from '../../parts/Section';

export function Methods({ slo }: { slo: string }) {
  const methods = useMethods(slo);
  const asked = arrival(methods);
  return (
    <Section
      title="By events and by time"
      says={
        <>
          The same minutes, counted three ways.{' '}
          <Hint says="Where they differ much, traffic is uneven: an outage at night touches few events and as much time as any, one at the peak many events and little time.">
            Which is right?
          </Hint>
        </>
      }
    >
      {asked.isPending && <LoadingBlock of="the budgeting methods" height={120} />}
      <Arriving asked={{ ...asked, isPending: false }} of="the budgeting methods" />
      {methods.data && (
        <Stack gap="sm" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
          {methods.data.methods.map((method) => (
            <One key={method.budgeting_method} method={method} />
          ))}
        </Stack>
      )}
    </Section>
  );
}

function One({ method }: { method: Method }) {
  const { budgeting_method, time_slice, counts, budget_remaining } = method;
  return (
    <Stack gap={0} component="li">
      <Group justify="space-between" gap="md" wrap="nowrap" align="baseline">
        <Text fw={counts ? 650 : 400}>
          {budgeting_method}
          {counts && (
            <Text span c="dimmed" fz="sm">
              {' '}
              counts here
            </Text>
          )}
        </Text>
        <Text fw={600} style={{ whiteSpace: 'nowrap' }}>
          {budget_remaining == null ? 'Unknown' : share(budget_remaining)}{' '}
          <Text span fz="sm" fw={400} c="dimmed">
            left
          </Text>
        </Text>
      </Group>
      <Text c="dimmed" fz="sm">
        {time_slice == null ? 'every event counts the same' : sliceSentence(time_slice)}:{' '}
        {bad(method)}
      </Text>
    </Stack>
  );
}

/** "2 bad of 8,640 slices, 3 not seen" */
function bad(method: Method): string {
  const { good, total, unjudged } = method;
  const unseen = unjudged != null && unjudged > 0 ? `, ${count(unjudged)} not seen` : '';
  return `${count(total - good)} bad of ${count(total)} ${counted(method)}${unseen}`;
}
