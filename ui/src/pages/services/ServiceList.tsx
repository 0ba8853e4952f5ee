/** All services, each where its gravest SLO stands. */
import { getRouteApi } from '@tanstack/react-router';
import { useServices } from '../../api/services';
import { useStanding } from '../../api/slos';
import { unknownWord, type ServiceListSearch } from '../../app/search';
import { Arriving } from '../../parts/Arriving';
import { Choice } from '../../parts/Choice';
import { Order, StatusChoice, TeamChoice } from '../../parts/choices';
import { Empty } from '../../parts/Empty';
import { countSet, FilterBar } from '../../parts/FilterBar';
import { NoMatch } from '../../parts/NoMatch';
import { Page } from '../../parts/Page';
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
  const unknown = unknownWord(search);
  const list = useServices(
    { q, owner, tier, status, sort: sort ?? 'gravity' },
    undefined,
    unknown === undefined,
  );
  const standing = useStanding({ q, owner });
  const filtered = Boolean(q ?? owner ?? tier ?? status);
  const none = list.known && list.items.length === 0 && !list.more;
  const showAll = () => void navigate({ search: {} });
  const whole = standing.data !== undefined && tier === undefined && status === undefined;
  return (
    <Page
      title={whole ? servicesSentence(standing.data.services) : 'Services'}
      help="services"
      commands={['plimsoll get service']}
    >
      {!(none && !filtered) && <Filters search={search} />}
      {unknown ? (
        <NoMatch what="service" unknown={unknown} onAll={showAll} />
      ) : (
        <>
          <Arriving
            asked={list}
            of="the services"
            works="Measuring and alerting do not depend on this page."
          />
          {none && filtered && <NoMatch what="service" onAll={showAll} />}
          {none && !filtered && <Blank />}
          {list.items.length > 0 && <ServiceRows list={list} />}
        </>
      )}
    </Page>
  );
}

function Filters({ search }: { search: ServiceListSearch }) {
  const navigate = route.useNavigate();
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
      <TeamChoice value={search.owner} onChoose={(owner) => keep({ owner })} />
      <Choice
        label="Tier"
        any="Any tier"
        w={{ base: 'calc(50% - 6px)', sm: 120 }}
        value={search.tier}
        data={['1', '2', '3', '4'].map((value) => ({ value, label: `Tier ${value}` }))}
        onChoose={(tier) => keep({ tier })}
      />
      <StatusChoice value={search.status} onChoose={(status) => keep({ status })} />
      <Order
        value={search.sort ?? 'gravity'}
        orders={{ gravity: 'Gravest first', name: 'Name', tier: 'Tier' }}
        onOrder={(sort) => keep({ sort: sort === 'name' || sort === 'tier' ? sort : undefined })}
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
