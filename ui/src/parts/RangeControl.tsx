/** The time range of a page. */
import { Button, Group, SegmentedControl } from '@mantine/core';
import { windowText } from '../app/format';
import { RANGES, type RangeName, type RangeSearch } from '../app/range';

interface Props {
  search: RangeSearch;
  fallback: RangeName;
  /** The window of what is shown; none where there are several. */
  window: string | undefined;
  onRange: (range: RangeName) => void;
  onBack: () => void;
}

export function RangeControl({ search, fallback, window, onRange, onBack }: Props) {
  const zoomed = search.from !== undefined && search.to !== undefined;
  const data = RANGES.map((range) => ({
    value: range,
    label: range === 'window' ? windowLabel(window) : windowText(range),
  }));
  return (
    <Group gap="xs" maw="100%" style={{ overflowX: 'auto' }} wrap="nowrap">
      <SegmentedControl
        size="xs"
        withItemsBorders={false}
        aria-label="Time range"
        data={data}
        value={zoomed ? '' : (search.range ?? fallback)}
        onChange={(value) => onRange(value as RangeName)}
      />
      {zoomed && (
        <Button size="compact-sm" variant="default" onClick={onBack}>
          Zoom out
        </Button>
      )}
    </Group>
  );
}

const windowLabel = (window: string | undefined) =>
  window === undefined ? 'Window' : `Window (${windowText(window)})`;
