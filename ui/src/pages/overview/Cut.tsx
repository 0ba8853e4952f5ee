/** Says that not all of two weeks were counted. */
import { Text } from '@mantine/core';

export function Cut({ most }: { most: number }) {
  return (
    <Text c="dimmed" fz="sm">
      Counted among the last {most}; older ones are left out.
    </Text>
  );
}
