/** Which kind of a list's things is shown: a few, side by side. */
import { SegmentedControl } from '@mantine/core';

interface Props<Kind extends string> {
  label: string;
  /** Each kind with what it is called. */
  kinds: Record<Kind, string>;
  /** None of them leaves all unmarked. */
  value: string;
  onChoose: (kind: Kind) => void;
}

export function Kinds<Kind extends string>({ label, kinds, value, onChoose }: Props<Kind>) {
  return (
    <SegmentedControl<string>
      aria-label={label}
      w={{ base: '100%', sm: 'auto' }}
      data={(Object.keys(kinds) as Kind[]).map((value) => ({ value, label: kinds[value] }))}
      value={value}
      onChange={(chosen) => onChoose(chosen as Kind)}
    />
  );
}
