/** The arms of the burn policy: what each sees, what it needs, and whether it fires. */
import { Group, Stack, Table, Text } from '@mantine/core';
import type { Arm, Slo } from '../../api/types';
import { burn, factor, probability, windowText } from '../../app/format';
import { usePhone } from '../../app/screen';
import { armSentence, asSentence, isBlind, sentenceCase } from '../../app/words';
import { Asked } from '../../parts/Figure';
import { OriginOf } from '../../parts/Origin';
import { Section } from '../../parts/Section';
import { State } from '../../parts/Status';

export function Arms({ slo }: { slo: Slo }) {
  const phone = usePhone();
  return (
    <Section
      title="What makes it alert"
      says={
        <>
          Policy <b>{slo.burn_policy}</b>: an arm fires when both windows burn above its factor and
          chance does not explain the failures.
        </>
      }
    >
      {slo.burn.length === 0 ? (
        <Text>No arm of this policy applies to this SLO.</Text>
      ) : phone ? (
        <ArmCards slo={slo} />
      ) : (
        <ArmsTable slo={slo} />
      )}
      <OriginOf
        of={{ kind: 'BurnPolicy', name: slo.burn_policy }}
        subject="By the"
        whose={slo.origins.find(({ kind }) => kind === 'BurnPolicy')}
      />
      {slo.burn_notes.map((note) => (
        <Text key={note} c="dimmed" fz="sm">
          {asSentence(note)}
        </Text>
      ))}
    </Section>
  );
}

function ArmsTable({ slo }: { slo: Slo }) {
  return (
    <Table verticalSpacing={6} horizontalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Arm</Table.Th>
          {['Long', 'Short', 'Needs', 'By chance'].map((head) => (
            <Table.Th key={head} ta="right">
              {head}
            </Table.Th>
          ))}
          <Table.Th>Now</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {slo.burn.map((arm) => (
          <Row
            key={`${arm.severity} ${arm.long_window} ${arm.factor}`}
            arm={arm}
            blind={isBlind(slo)}
          />
        ))}
      </Table.Tbody>
    </Table>
  );
}

interface OneProps {
  arm: Arm;
  /** Whether the SLO has no data. */
  blind: boolean;
}

function Row({ arm, blind }: OneProps) {
  return (
    <Table.Tr>
      <Table.Td>
        <Text inherit fw={600}>
          {sentenceCase(arm.severity)}
        </Text>
        <Text c="dimmed" fz="sm" style={{ whiteSpace: 'nowrap' }}>
          {windows(arm)}
        </Text>
      </Table.Td>
      <Table.Td ta="right">
        <Asked name={`Burn over ${arm.long_window}`}>{burn(arm.long)}</Asked>
      </Table.Td>
      <Table.Td ta="right">
        <Asked name={`Burn over ${arm.short_window}`}>{burn(arm.short)}</Asked>
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
        &gt; {factor(arm.factor)}
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
        <Chance arm={arm} />
      </Table.Td>
      <Table.Td>
        <Verdict arm={arm} blind={blind} />
      </Table.Td>
    </Table.Tr>
  );
}

function ArmCards({ slo }: { slo: Slo }) {
  return (
    <Stack gap="md">
      {slo.burn.map((arm) => (
        <Stack key={`${arm.severity} ${arm.long_window} ${arm.factor}`} gap={2}>
          <Group justify="space-between">
            <Text>
              <b>{sentenceCase(arm.severity)}</b>{' '}
              <Text span c="dimmed">
                {windows(arm)}
              </Text>
            </Text>
            <Text>
              <Asked name={`Burn over ${arm.long_window}`}>{burn(arm.long)}</Asked> and{' '}
              <Asked name={`Burn over ${arm.short_window}`}>{burn(arm.short)}</Asked>, needs &gt;{' '}
              {factor(arm.factor)}
            </Text>
          </Group>
          <Group justify="space-between" align="flex-start" wrap="nowrap">
            <Verdict arm={arm} blind={isBlind(slo)} />
            <Text component="div" ta="right" style={{ whiteSpace: 'nowrap' }}>
              <Text span c="dimmed">
                by chance{' '}
              </Text>
              <Chance arm={arm} />
            </Text>
          </Group>
        </Stack>
      ))}
    </Stack>
  );
}

function Verdict({ arm, blind }: OneProps) {
  return (
    <Stack gap={0}>
      <Group>
        {arm.firing ? (
          <State code="firing" />
        ) : (
          <Text inherit c="dimmed" fw={600}>
            Quiet
          </Text>
        )}
      </Group>
      <Text c="dimmed" fz="xs" maw={220}>
        {armSentence(arm, blind)}
      </Text>
    </Stack>
  );
}

function Chance({ arm }: { arm: Arm }) {
  return (
    <>
      <Asked name="Probability by chance">{probability(arm.significance)}</Asked>
      {arm.significance_needed > 0 && (
        <Text c="dimmed" fz="xs">
          needs less than {probability(arm.significance_needed)}
        </Text>
      )}
    </>
  );
}

function windows(arm: Arm): string {
  return `${windowText(arm.long_window)} / ${windowText(arm.short_window)}`;
}
