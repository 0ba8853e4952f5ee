/** One filter of a list, that may be left open. */
import { Select, type SelectProps } from '@mantine/core';

interface Props {
  label: string;
  /** What it says while it is open: "Any service". */
  any: string;
  value: string | undefined;
  data: { value: string; label: string }[];
  onChoose: (value: string | undefined) => void;
  searchable?: boolean;
  onSearch?: (text: string) => void;
  /** That it is opened: what it offers may be asked for then. */
  onOpen?: () => void;
  /** How far what it offers was read. */
  asked?: Asked;
  w?: SelectProps['w'];
}

/** How far names were read. */
interface Asked {
  isPending: boolean;
  isError: boolean;
  data?: unknown;
}

export function Choice({
  label,
  any,
  value,
  data,
  onChoose,
  searchable,
  onSearch,
  onOpen,
  asked,
  w,
}: Props) {
  return (
    <Select
      w={w ?? { base: 'calc(50% - 6px)', sm: 170 }}
      aria-label={label}
      placeholder={any}
      clearable
      clearButtonProps={opener(any)}
      searchable={searchable ?? false}
      {...(onSearch === undefined ? {} : { onSearchChange: onSearch })}
      {...(onOpen === undefined ? {} : { onDropdownOpen: onOpen })}
      nothingFoundMessage={noneSentence(asked)}
      data={withChosen(data, value)}
      comboboxProps={ONLY_WHILE_OPEN}
      value={value ?? null}
      onChange={(chosen) => onChoose(chosen ?? undefined)}
    />
  );
}

/** Why nothing is offered: there is nothing of that name only when all names were read. */
export function noneSentence(
  { isPending, isError, data }: Asked = { isPending: false, isError: false },
  none = 'Nothing is called that',
): string {
  if (isError)
    return data === undefined
      ? 'The names could not be read'
      : 'Nothing known of before is called that';
  return isPending ? 'Reading the names…' : none;
}

/** What may be chosen is drawn, and its place sought, only while it is open. */
export const ONLY_WHILE_OPEN = { keepMounted: false };

/** The button that leaves a choice open again: for keys and for those who do not see it, too. */
export function opener(label: string) {
  return { 'aria-label': label, 'aria-hidden': false, tabIndex: 0 };
}

/** What is chosen stays in the list although nobody offers it. */
function withChosen(data: Props['data'], chosen: string | undefined): Props['data'] {
  if (chosen === undefined || data.some((one) => one.value === chosen)) return data;
  return [...data, { value: chosen, label: chosen }];
}
