/** What nobody can see: SLOs that never had data, or have none now. */
import { Group, Stack, Text } from '@mantine/core';
import { useSlos } from '../../api/slos';
import type { Counts } from '../../api/types';
import { allOf, nameOf, sentenceCase, someOf } from '../../app/words';
import { Ago } from '../../parts/Ago';
import { AppLink } from '../../parts/AppLink';
import { Status } from '../../parts/Status';
import { Panel } from './Panel';

const SHOWN = 3;

export function Unseen({ counts }: { counts: Counts }) {
  const silent = useSlos({ status: 'no_data' }, SHOWN);
  const fresh = useSlos({ status: 'unmeasured' }, SHOWN);
  const items = [...silent.items, ...fresh.items].slice(0, 2 * SHOWN);
  const many = (counts.by_status['no_data'] ?? 0) + (counts.by_status['unmeasured'] ?? 0);
  return (
    <Panel
      title={silent.known && fresh.known ? sentence(many, counts.total) : undefined}
      what="What cannot be seen"
      error={silent.error ?? fresh.error}
      retry={() => {
        silent.retry();
        fresh.retry();
      }}
    >
      {silent.known && many === 0 && counts.total > 0 && (
        <Text c="dimmed">Every SLO has data.</Text>
      )}
      <Stack gap={8}>
        {items.map((slo) => (
          <Group key={slo.name} justify="space-between" wrap="nowrap" align="flex-start">
            <Stack gap={0} miw={0}>
              <AppLink
                to="/slos/$name"
                params={{ name: slo.name }}
                style={{ overflowWrap: 'anywhere' }}
              >
                {nameOf(slo)}
              </AppLink>
              <Text c="dimmed" fz="sm" component="div">
                {slo.watermark == null ? (
                  'no sample ever came'
                ) : (
                  <>
                    last data <Ago at={slo.watermark} />
                  </>
                )}
              </Text>
            </Stack>
            <Status status={slo.status} />
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}

function sentence(many: number, total: number): string {
  if (total === 0) return 'There is no SLO to be seen';
  if (many === 0) return sentenceCase(`${allOf(total, 'SLO')} can be seen`);
  return sentenceCase(`${someOf(many, total, 'SLO')} cannot be seen`);
}
