/** One of a few lengths of time or the like, side by side under a label. */
import { Input, SegmentedControl } from '@mantine/core';

interface Props {
  label: string;
  data: { value: string; label: string }[];
  value: string;
  onChange: (value: string) => void;
}

export function Segments({ label, data, value, onChange }: Props) {
  return (
    <Input.Wrapper label={label} labelElement="div">
      <SegmentedControl
        fullWidth
        mt={4}
        aria-label={label}
        data={data}
        value={value}
        onChange={onChange}
      />
    </Input.Wrapper>
  );
}
