/** Where rows, panels or anything else will stand, while it is asked for. */
import { SimpleGrid, Skeleton, Stack } from '@mantine/core';

export function LoadingRows({
  of,
  rows = 6,
  height = 52,
}: {
  of: string;
  rows?: number;
  height?: number;
}) {
  return (
    <Stack gap={8} role="status" aria-busy aria-label={`Loading ${of}`}>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} />
      ))}
    </Stack>
  );
}

export function LoadingPanels({ of, panels = 4 }: { of: string; panels?: number }) {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} role="status" aria-busy aria-label={`Loading ${of}`}>
      {Array.from({ length: panels }, (_, panel) => (
        <Skeleton key={panel} height={190} />
      ))}
    </SimpleGrid>
  );
}

export function LoadingBlock({ of, height }: { of: string; height: number }) {
  return <Skeleton height={height} role="status" aria-busy aria-label={`Loading ${of}`} />;
}
