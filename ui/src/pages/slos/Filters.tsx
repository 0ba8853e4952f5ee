/** Search, filters and order of the list; the address keeps them. */
import { getRouteApi } from '@tanstack/react-router';
import type { SloListSearch } from '../../app/search';
import { Order, StatusChoice, TeamChoice } from '../../parts/choices';
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
      <TeamChoice value={search.owner} onChoose={(owner) => keep({ owner })} />
      <StatusChoice value={search.status} onChoose={(status) => keep({ status })} />
      <Order
        value={search.sort ?? 'gravity'}
        orders={SORTS}
        onOrder={(sort) => keep({ sort: isSort(sort) && sort !== 'gravity' ? sort : undefined })}
      />
      <Views page="/slos" shipped={VIEWS} />
    </FilterBar>
  );
}
