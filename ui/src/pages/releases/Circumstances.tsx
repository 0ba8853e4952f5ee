/** Who asked about what, and everything that is stored, as it is stored. */
import { Code } from '@mantine/core';
import type { Decision } from '../../api/types';
import { plain } from '../../app/words';
import { Ago } from '../../parts/Ago';
import { Facts } from '../../parts/Facts';
import { Section } from '../../parts/Section';
import { factsOf } from './words';

export function Circumstances({ decision }: { decision: Decision }) {
  const { owner, tier } = factsOf(decision);
  const stored = JSON.stringify({ facts: decision.facts, policy: decision.policy }, null, 2);
  return (
    <Section title="About it">
      <Facts
        facts={[
          ['Artifact', <Code key="artifact">{decision.artifact}</Code>],
          ['Class', plain(decision.class)],
          ['Environment', decision.environment],
          ['Owner then', owner ?? 'nobody'],
          ['Tier then', tier ?? 'not stated'],
          ['Asked by', decision.asked_by],
          ['Decided', <Ago key="decided" at={decision.decided_at} />],
          ['Engine', decision.engine],
          ['Decision', decision.id],
        ]}
      />
      <details>
        <summary style={{ cursor: 'pointer' }}>Facts and policy as they are stored</summary>
        <Code block fz="xs" mah={420} style={{ overflow: 'auto' }} tabIndex={0} mt="xs">
          {stored}
        </Code>
      </details>
    </Section>
  );
}
