/** Search, filters and order of the list; the address keeps them. */
import { Select } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTeams } from '../../api/services';
import type { SloListSearch } from '../../app/search';
import { STATUSES, statusWord } from '../../app/words';
import { Choice } from '../../parts/Choice';
import { countSet, FilterBar } from '../../parts/FilterBar';
import { SearchBox } from '../../parts/SearchBox';
import { ServiceChoice } from '../../parts/ServiceChoice';
import { Views } from '../../parts/Views';
import { isSort, SORTS } from './sort';

const route = getRouteApi('/signed-in/slos');

const VIEWS = [
  { name: 'Nothing left', search: 'status=exhausted' },
  { name: 'Cannot be seen', search: 'status=no_data' },
  { name: 'Burning fastest', search: 'sort=burn' },
];

export function Filters() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const teams = useTeams();
  const keep = (change: SloListSearch) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  return (
    <FilterBar
      set={countSet(search.service, search.owner, search.status, search.sort)}
      first={
        <SearchBox
          label="Search SLOs"
          typed={search.q ?? ''}
          onType={(q) => keep({ q: q || undefined })}
        />
      }
    >
      <ServiceChoice value={search.service} onChoose={(service) => keep({ service })} />
      <Choice
        label="Team"
        any="Any team"
        searchable
        w={{ base: 'calc(50% - 6px)', sm: 140 }}
        value={search.owner}
        data={(teams.data ?? []).map((value) => ({ value, label: value }))}
        onChoose={(owner) => keep({ owner })}
      />
      <Choice
        label="Status"
        any="Any status"
        w={{ base: 'calc(50% - 6px)', sm: 140 }}
        value={search.status}
        data={STATUSES.map((value) => ({ value, label: statusWord(value) }))}
        onChoose={(status) => keep({ status })}
      />
      <Select
        w={{ base: 'calc(50% - 6px)', sm: 170 }}
        aria-label="Order"
        allowDeselect={false}
        value={search.sort ?? 'gravity'}
        data={Object.entries(SORTS).map(([value, label]) => ({ value, label }))}
        onChange={(sort) => keep({ sort: isSort(sort) && sort !== 'gravity' ? sort : undefined })}
      />
      <Views page="/slos" shipped={VIEWS} />
    </FilterBar>
  );
}
