/** How full a disk is, with the line below which telemetry is refused. */
import { Box, Group } from '@mantine/core';
import type { Storage } from '../../../api/types';
import { bytes, share } from '../../../app/format';
import { statusFill } from '../../../parts/status';

export function DiskBar({ disk }: { disk: NonNullable<Storage['disk']> }) {
  const of = (part: number) => Math.min(1, part / Math.max(1, disk.bytes));
  const used = of(disk.bytes - disk.free_bytes);
  const limit = 1 - of(disk.telemetry_needs_bytes);
  const label = `${share(used)} of ${bytes(disk.bytes)} are used; telemetry is refused from ${share(limit)} on`;
  return (
    <Box>
      <Box
        role="img"
        aria-label={label}
        pos="relative"
        h={18}
        bg="var(--area-neutral)"
        style={{ borderRadius: 4, overflow: 'hidden' }}
      >
        <Box
          h="100%"
          w={`${used * 100}%`}
          bg={disk.takes_telemetry ? 'var(--line-neutral)' : statusFill('refused')}
        />
        <Box
          pos="absolute"
          top={0}
          bottom={0}
          left={`${limit * 100}%`}
          style={{ borderLeft: '2px dashed var(--exhausted-ink)' }}
        />
      </Box>
      <Group justify="space-between" c="dimmed" fz="sm" mt={2} gap="xs">
        <span>{share(used)} used</span>
        <span>refused from {share(limit)} on</span>
      </Group>
    </Box>
  );
}
