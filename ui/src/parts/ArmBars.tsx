/** An arm as it was when an alert fired: how fast each window burned, and the factor both had to exceed. */
import { Box, Group, Stack, Text } from '@mantine/core';
import type { Arm } from '../api/types';
import { burn, factor, probability, windowText } from '../app/format';
import { sentenceCase } from '../app/words';
import { State } from './Status';
import { statusFill } from './status';

export function ArmBars({ arm }: { arm: Arm }) {
  const most = Math.max(arm.factor * 1.25, arm.long ?? 0, arm.short ?? 0);
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Text fw={600}>{sentenceCase(arm.severity)}</Text>
          {arm.firing && <State code={arm.severity} word="fired" />}
        </Group>
        <Text c="dimmed" fz="sm">
          needs more than {factor(arm.factor)} in both windows
        </Text>
      </Group>
      <Bar window={arm.long_window} value={arm.long} arm={arm} most={most} />
      <Bar window={arm.short_window} value={arm.short} arm={arm} most={most} />
      <Text c="dimmed" fz="sm">
        So many failures by chance: {probability(arm.significance)} likely
        {arm.significance_needed > 0 &&
          `, and it needs less than ${probability(arm.significance_needed)}`}
        .
      </Text>
    </Stack>
  );
}

interface BarProps {
  window: string;
  value: number | null | undefined;
  arm: Arm;
  most: number;
}

function Bar({ window, value, arm, most }: BarProps) {
  const share = (burned: number) => `${Math.min(100, (burned / most) * 100)}%`;
  const over = (value ?? 0) > arm.factor;
  return (
    <Group gap="sm" wrap="nowrap">
      <Text w={52} fz="sm" c="dimmed" style={{ flex: 'none', whiteSpace: 'nowrap' }}>
        {windowText(window)}
      </Text>
      <Box
        pos="relative"
        h={16}
        style={{ flex: 1, background: 'var(--area-neutral)', borderRadius: 2 }}
      >
        <Box
          h="100%"
          w={share(value ?? 0)}
          style={{
            background: over ? statusFill(arm.severity) : 'var(--unknown-fill)',
            borderRadius: 2,
          }}
        />
        <Box
          pos="absolute"
          top={-3}
          bottom={-3}
          left={share(arm.factor)}
          w={2}
          bg="var(--ink)"
          aria-hidden
        />
      </Box>
      <Text w={56} ta="right" fw={600} style={{ flex: 'none' }}>
        {burn(value)}
      </Text>
    </Group>
  );
}
