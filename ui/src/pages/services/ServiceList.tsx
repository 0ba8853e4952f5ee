/** All services, each where its gravest SLO stands. */
import { Select } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useServices, useTeams } from '../../api/services';
import { useStanding } from '../../api/slos';
import type { ServiceListSearch } from '../../app/search';
import { STATUSES, statusWord } from '../../app/words';
import { Choice } from '../../parts/Choice';
import { Empty } from '../../parts/Empty';
import { countSet, FilterBar } from '../../parts/FilterBar';
import { LoadingRows } from '../../parts/Loading';
import { NoMatch } from '../../parts/NoMatch';
import { Page } from '../../parts/Page';
import { Problem } from '../../parts/Problem';
import { SearchBox } from '../../parts/SearchBox';
import { Views } from '../../parts/Views';
import { ServiceRows } from './ServiceRows';
import { servicesSentence } from './words';

const route = getRouteApi('/signed-in/services');

const VIEWS = [
  { name: 'Outside their objectives', search: 'status=exhausted' },
  { name: 'Cannot be seen', search: 'status=no_data' },
  { name: 'Tier 1', search: 'tier=1' },
];

export function ServiceList() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { q, owner, tier, status, sort } = search;
  const list = useServices({ q, owner, tier, status, sort: sort ?? 'gravity' });
  const standing = useStanding({ q, owner });
  const filtered = Boolean(q ?? owner ?? tier ?? status);
  const none = list.known && list.items.length === 0 && !list.more;
  const whole = standing.data !== undefined && tier === undefined && status === undefined;
  return (
    <Page
      title={whole ? servicesSentence(standing.data.services) : 'Services'}
      help="services"
      commands={['plimsoll get service']}
    >
      {!(none && !filtered) && <Filters search={search} />}
      {list.isError && (
        <Problem
          error={list.error}
          what="The services"
          retry={list.retry}
          works={
            list.known
              ? 'Below is what was last seen.'
              : 'Measuring and alerting do not depend on this page.'
          }
        />
      )}
      {list.isPending && <LoadingRows of="the services" />}
      {none && filtered && <NoMatch what="service" onAll={() => void navigate({ search: {} })} />}
      {none && !filtered && <Blank />}
      {list.items.length > 0 && <ServiceRows list={list} />}
    </Page>
  );
}

function Filters({ search }: { search: ServiceListSearch }) {
  const navigate = route.useNavigate();
  const teams = useTeams();
  const keep = (change: ServiceListSearch) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  return (
    <FilterBar
      set={countSet(search.owner, search.tier, search.status, search.sort)}
      first={
        <SearchBox
          label="Search services"
          typed={search.q ?? ''}
          onType={(q) => keep({ q: q || undefined })}
        />
      }
    >
      <Choice
        label="Team"
        any="Any team"
        searchable
        value={search.owner}
        data={(teams.data ?? []).map((value) => ({ value, label: value }))}
        onChoose={(owner) => keep({ owner })}
      />
      <Choice
        label="Tier"
        any="Any tier"
        w={{ base: 'calc(50% - 6px)', sm: 120 }}
        value={search.tier}
        data={['1', '2', '3', '4'].map((value) => ({ value, label: `Tier ${value}` }))}
        onChoose={(tier) => keep({ tier })}
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
        w={{ base: 'calc(50% - 6px)', sm: 150 }}
        aria-label="Order"
        allowDeselect={false}
        value={search.sort ?? 'gravity'}
        data={[
          { value: 'gravity', label: 'Gravest first' },
          { value: 'name', label: 'Name' },
          { value: 'tier', label: 'Tier' },
        ]}
        onChange={(sort) => keep({ sort: sort === 'name' || sort === 'tier' ? sort : undefined })}
      />
      <Views page="/services" shipped={VIEWS} />
    </FilterBar>
  );
}

function Blank() {
  return (
    <Empty
      title="Say what you run"
      commands={[
        {
          line: 'plimsoll apply -f catalog/',
          says: 'Apply the catalog files you already have (Backstage components and groups):',
        },
        { line: 'plimsoll init', says: 'Or write a first set of documents to start from:' },
      ]}
    >
      A service is what objectives, deployments and gates are about. It belongs to one team, has a
      tier, and calls other services; with its SLOs it shows whether its users are happy.
    </Empty>
  );
}
