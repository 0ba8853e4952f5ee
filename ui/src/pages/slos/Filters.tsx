/** Search, filters and order of the list; the address keeps them. */
import { Group, Kbd, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useServices } from '../../api/services';
import type { SloListSearch } from '../../app/router';
import { nameOf, statusWord } from '../../app/words';
import { Icon } from '../../parts/icons';
import { isSort, SORTS } from './sort';

const route = getRouteApi('/signed-in/slos');
const STATUSES = [
  'healthy',
  'caution',
  'warning',
  'exhausted',
  'no_traffic',
  'no_data',
  'unmeasured',
];

export function Filters() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const services = useServices();
  const keep = (change: SloListSearch) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const names = (services.data ?? []).map((service) => ({
    value: service.name,
    label: nameOf(service),
  }));
  return (
    <Group gap="sm">
      <Search typed={search.q ?? ''} onType={(q) => keep({ q: q || undefined })} />
      <Select
        w={{ base: 'calc(40% - 4px)', sm: 190 }}
        aria-label="Order"
        allowDeselect={false}
        value={search.sort ?? 'gravity'}
        data={Object.entries(SORTS).map(([value, label]) => ({ value, label }))}
        onChange={(sort) => keep({ sort: isSort(sort) && sort !== 'gravity' ? sort : undefined })}
      />
      <Select
        w={{ base: 'calc(50% - 6px)', sm: 180 }}
        aria-label="Service"
        placeholder="Any service"
        clearable
        searchable
        data={withChosen(names, search.service)}
        value={search.service ?? null}
        onChange={(service) => keep({ service: service ?? undefined })}
      />
      <Select
        w={{ base: 'calc(50% - 6px)', sm: 160 }}
        aria-label="Status"
        placeholder="Any status"
        clearable
        data={STATUSES.map((value) => ({ value, label: statusWord(value) }))}
        value={search.status ?? null}
        onChange={(status) => keep({ status: status ?? undefined })}
      />
    </Group>
  );
}

function Search({ typed, onType }: { typed: string; onType: (text: string) => void }) {
  const [text, setText] = useState(typed);
  const box = useRef<HTMLInputElement>(null);
  const tell = useDebouncedCallback(onType, 200);
  useEffect(() => setText(typed), [typed]);
  useHotkeys([['/', () => box.current?.focus()]]);
  return (
    <TextInput
      ref={box}
      type="search"
      w={{ base: 'calc(60% - 8px)', sm: 300 }}
      aria-label="Search SLOs"
      placeholder="Search SLOs"
      leftSection={<Icon name="search" size={14} />}
      rightSection={
        <Kbd size="xs" visibleFrom="sm">
          /
        </Kbd>
      }
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
      onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
    />
  );
}

/** The chosen service stays in the list although the catalog does not know it. */
function withChosen(names: { value: string; label: string }[], chosen: string | undefined) {
  if (chosen === undefined || names.some((name) => name.value === chosen)) return names;
  return [...names, { value: chosen, label: chosen }];
}
