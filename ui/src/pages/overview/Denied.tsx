/** What the gates denied this week. */
import { Stack, Text } from '@mantine/core';
import { useLatestDecisions } from '../../api/decisions';
import { useNow } from '../../app/now';
import { asSentence, plain } from '../../app/words';
import { AppLink } from '../../parts/AppLink';
import { firstReason } from '../../parts/reasons';
import { State } from '../../parts/Status';
import { Cut } from './Cut';
import { Noted } from './Noted';
import { Panel } from './Panel';
import { deniedSentence } from './words';

const COUNTED_MAX = 500;
const SHOWN = 3;
const WEEK_MS = 7 * 86_400_000;

export function Denied() {
  const now = useNow(60_000);
  const decisions = useLatestDecisions({}, COUNTED_MAX);
  const age = (at: string) => now - Date.parse(at);
  const all = decisions.data ?? [];
  const week = all.filter(({ decided_at }) => age(decided_at) < WEEK_MS);
  const before = all.filter(
    ({ decided_at, verdict }) =>
      verdict === 'deny' && age(decided_at) >= WEEK_MS && age(decided_at) < 2 * WEEK_MS,
  );
  const denied = week.filter(({ verdict }) => verdict === 'deny');
  return (
    <Panel
      title={decisions.data && deniedSentence(week, before.length)}
      what="Denied releases"
      error={decisions.error}
      retry={() => void decisions.refetch()}
      more={
        <AppLink
          to="/releases"
          search={{ verdict: 'deny' }}
          fz="sm"
          style={{ whiteSpace: 'nowrap' }}
        >
          All denials
        </AppLink>
      }
    >
      {week.length > 0 && denied.length === 0 && (
        <Text c="dimmed">Every release that was asked about might go out.</Text>
      )}
      {all.length === COUNTED_MAX && <Cut most={COUNTED_MAX} />}
      <Stack gap="sm">
        {denied.slice(0, SHOWN).map((decision) => (
          <Noted
            key={decision.id}
            state={<State code="deny" word={decision.enforced ? 'Denied' : 'Would be denied'} />}
            link={
              <AppLink to="/releases/decisions/$id" params={{ id: decision.id }} fw={600}>
                {decision.service}, {plain(decision.class)}
              </AppLink>
            }
            at={decision.decided_at}
            says={asSentence(firstReason(decision)?.message ?? 'no reason was kept')}
          />
        ))}
      </Stack>
    </Panel>
  );
}
