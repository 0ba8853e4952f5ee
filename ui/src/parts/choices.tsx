/** What lists of services and of SLOs are narrowed and ordered by. */
import { Select } from '@mantine/core';
import { useState } from 'react';
import { useTeams } from '../api/teams';
import { nameOf, STATUSES, statusWord } from '../app/words';
import { Choice, ONLY_WHILE_OPEN } from './Choice';

interface Props {
  value: string | undefined;
  onChoose: (value: string | undefined) => void;
}

const NARROW = { base: 'calc(50% - 6px)', sm: 140 };

/** Names are read once it is opened, or to name the one that is chosen. */
export function TeamChoice(props: Props) {
  const [wanted, want] = useState(props.value !== undefined);
  const teams = useTeams(wanted);
  return (
    <Choice
      label="Team"
      any="Any team"
      searchable
      w={NARROW}
      asked={teams}
      onOpen={() => want(true)}
      data={(teams.data ?? []).map((team) => ({ value: team.name, label: nameOf(team) }))}
      {...props}
    />
  );
}

export function StatusChoice(props: Props) {
  return (
    <Choice
      label="Status"
      any="Any status"
      w={NARROW}
      data={STATUSES.map((value) => ({ value, label: statusWord(value) }))}
      {...props}
    />
  );
}

interface OrderProps {
  value: string;
  /** Each order with what it is called. */
  orders: Record<string, string>;
  onOrder: (order: string | null) => void;
}

export function Order({ value, orders, onOrder }: OrderProps) {
  return (
    <Select
      w={{ base: 'calc(50% - 6px)', sm: 160 }}
      aria-label="Order"
      allowDeselect={false}
      value={value}
      data={Object.entries(orders).map(([value, label]) => ({ value, label }))}
      comboboxProps={ONLY_WHILE_OPEN}
      onChange={onOrder}
    />
  );
}
