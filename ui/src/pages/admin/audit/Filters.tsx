/** What the audit log is narrowed to: by whom, about what, and on which days. The address keeps it. */
import { TextInput } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTeams } from '../../../api/teams';
import type { AuditSearch } from '../../../app/search';
import { Choice } from '../../../parts/Choice';
import { countSet, FilterBar } from '../../../parts/FilterBar';
import { subjectName, type Names } from './words';

const route = getRouteApi('/signed-in/admin/audit');

export function Filters({ search, names }: { search: AuditSearch; names: Names }) {
  const navigate = route.useNavigate();
  const teams = useTeams();
  const keep = (change: AuditSearch) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const called = [...names].map(([value, label]) => ({ value, label }));
  const subjects = [
    { value: 'definitions', label: 'Definitions' },
    ...(teams.data ?? []).map(({ name }) => ({ value: `team ${name}`, label: `team ${name}` })),
    ...called,
  ];
  return (
    <FilterBar
      set={countSet(search.subject, search.from, search.until)}
      first={
        <Choice
          label="Who did it"
          any="By anyone"
          searchable
          w={{ base: '100%', sm: 200 }}
          value={search.actor}
          data={withOwn(called, search.actor, names)}
          onChoose={(actor) => keep({ actor })}
        />
      }
    >
      <Choice
        label="What it is about"
        any="About anything"
        searchable
        w={{ base: '100%', sm: 210 }}
        value={search.subject}
        data={withOwn(subjects, search.subject, names)}
        onChoose={(subject) => keep({ subject })}
      />
      <Day label="From" value={search.from} onChange={(from) => keep({ from })} />
      <Day label="Until" value={search.until} onChange={(until) => keep({ until })} />
    </FilterBar>
  );
}

/** What is chosen is called by its name, although nobody offers it any more. */
function withOwn(
  offered: { value: string; label: string }[],
  chosen: string | undefined,
  names: Names,
) {
  if (chosen === undefined || offered.some(({ value }) => value === chosen)) return offered;
  return [...offered, { value: chosen, label: subjectName(chosen, names) }];
}

interface DayProps {
  label: string;
  value: string | undefined;
  onChange: (day: string | undefined) => void;
}

function Day({ label, value, onChange }: DayProps) {
  return (
    <TextInput
      type="date"
      w={{ base: 'calc(50% - 6px)', sm: 190 }}
      aria-label={`${label}, a day in UTC`}
      leftSection={label}
      leftSectionWidth={54}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
    />
  );
}
