/** The policy of a decision, a line a status; those that were met stand out. */
import { Group, Stack, Text } from '@mantine/core';
import type { Decision } from '../../api/types';
import { asSentence, plain, statusWord } from '../../app/words';
import { Origin } from '../../parts/Origin';
import { Said } from '../../parts/Said';
import { Section } from '../../parts/Section';
import { State } from '../../parts/Status';
import { factsOf, policyOf, type Rule } from './words';

export function PolicyTable({ decision }: { decision: Decision }) {
  const { name, rules } = policyOf(decision);
  const met = new Set(factsOf(decision).slos.map(({ status }) => status));
  return (
    <Section
      title="The rule"
      says={`Policy ${name}: what may go out, by what is left of the budget. The lines that applied are marked.`}
    >
      <Origin of={{ kind: 'ErrorBudgetPolicy', name }} subject="In force today: the" />
      {rules.length === 0 && <Text>The policy has no rules, so everything is denied.</Text>}
      <Stack gap={0}>
        {rules.map((rule) => (
          <Line key={rule.status} rule={rule} met={met.has(rule.status)} own={decision.class} />
        ))}
      </Stack>
    </Section>
  );
}

function Line({ rule, met, own }: { rule: Rule; met: boolean; own: string }) {
  return (
    <Stack
      gap={0}
      py={8}
      px={10}
      style={{
        borderTop: '1px solid var(--rule)',
        ...(met
          ? { background: 'var(--area-neutral)', boxShadow: 'inset 3px 0 0 var(--ink)' }
          : {}),
      }}
    >
      <Group justify="space-between" gap="xs">
        <Text fw={met ? 600 : 400}>
          {statusWord(rule.status)}
          {met && ', which it was'}
        </Text>
        <State code={rule.otherwise} word={rule.otherwise} />
      </Group>
      {groups(rule).map(([verdict, classes]) => (
        <Text key={verdict} fz="sm" c="dimmed">
          {verdict}:{' '}
          {classes.map((name, index) => (
            <span key={name}>
              {index > 0 && ', '}
              {name === own ? <b>{plain(name)}</b> : plain(name)}
            </span>
          ))}
        </Text>
      ))}
      {met && rule.advice !== null && (
        <Text fz="sm">
          <Said text={asSentence(rule.advice)} />
        </Text>
      )}
    </Stack>
  );
}

/** The exceptions by what they are. */
function groups({ except }: Rule): [string, string[]][] {
  const verdicts = [...new Set(except.map(([, verdict]) => verdict))];
  return verdicts.map((verdict) => [
    verdict,
    except.filter(([, of]) => of === verdict).map(([name]) => name),
  ]);
}
