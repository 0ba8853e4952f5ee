/** All alerts: what fires first, pages before tickets; then what is over, newest first. */
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { FIRING_MAX, useAlertPages, useLatest } from '../../api/alerts';
import { unknownWord, type AlertListSearch } from '../../app/search';
import { Arriving } from '../../parts/Arriving';
import { Choice } from '../../parts/Choice';
import { Empty } from '../../parts/Empty';
import { countSet, FilterBar } from '../../parts/FilterBar';
import { Kinds } from '../../parts/Kinds';
import { NoMatch } from '../../parts/NoMatch';
import { Page } from '../../parts/Page';
import { ServiceChoice } from '../../parts/ServiceChoice';
import { Views } from '../../parts/Views';
import { AlertRows } from './AlertRows';
import { alertsSentence, graveFirst } from './words';

const route = getRouteApi('/signed-in/alerts');

const VIEWS = [
  { name: 'Pages that fire', search: 'phase=firing&severity=page' },
  { name: 'What is over', search: 'phase=closed' },
];

export function AlertList() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { phase, severity, service, slo } = search;
  const unknown = unknownWord(search);
  const { title, items, asked, rest } = useBoth(search, unknown === undefined);
  const filtered = Boolean(phase ?? severity ?? service ?? slo);
  const none = !asked.isPending && !asked.isError && items.length === 0 && !rest?.more;
  return (
    <Page title={title} help="alerts" commands={['plimsoll get alert']}>
      <Filters search={search} />
      <Arriving
        asked={asked}
        of="the alerts"
        rows={4}
        height={88}
        works="Alerting itself does not depend on this page: whoever is to be told is told."
      />
      {none && filtered && (
        <NoMatch what="alert" unknown={unknown} onAll={() => void navigate({ search: {} })} />
      )}
      {none && !filtered && <Blank />}
      {items.length > 0 && <AlertRows alerts={items} rest={rest} />}
    </Page>
  );
}

/** What fires and what is over, as far as either is asked for. */
function useBoth({ phase, severity, service, slo }: AlertListSearch, known: boolean) {
  const wanted = { service, slo, severity };
  const asksFiring = known && phase !== 'closed';
  const asksClosed = known && phase !== 'firing';
  const firing = useLatest({ phase: 'firing', ...wanted }, FIRING_MAX, asksFiring);
  const closed = useAlertPages({ phase: 'closed', ...wanted }, undefined, asksClosed);
  const burning = useMemo(() => graveFirst(firing.data?.items ?? []), [firing.data]);
  // One that is over since one list was read, and not the other, stands in both.
  const fires = useMemo(() => new Set(burning.map(({ id }) => id)), [burning]);
  const over = asksClosed ? closed.items : [];
  const items = asksFiring ? [...burning, ...over.filter(({ id }) => !fires.has(id))] : over;
  const isPending = (asksFiring && firing.isPending) || (asksClosed && closed.isPending);
  const error = (asksFiring ? firing.error : null) ?? (asksClosed ? closed.error : null);
  const more = firing.data?.next_cursor != null;
  const rest = phase === 'closed' ? 'Alerts that are over' : 'Alerts';
  const retry = () => {
    if (asksFiring) void firing.refetch();
    if (asksClosed) closed.retry();
  };
  return {
    title: asksFiring && firing.data ? alertsSentence(burning, more) : rest,
    items,
    asked: {
      isPending: isPending && error === null,
      isError: error !== null,
      error,
      known: items.length > 0,
      retry,
    },
    rest: asksClosed ? closed : undefined,
  };
}

function Filters({ search }: { search: AlertListSearch }) {
  const navigate = route.useNavigate();
  const keep = (change: AlertListSearch) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  return (
    <FilterBar
      set={countSet(search.severity, search.service, search.slo)}
      first={
        <Kinds
          label="Which alerts"
          kinds={{ all: 'All', firing: 'Firing', closed: 'Over' }}
          value={search.phase ?? 'all'}
          onChoose={(phase) => keep({ phase: phase === 'all' ? undefined : phase })}
        />
      }
    >
      <Choice
        label="Severity"
        any="Any severity"
        w={{ base: 'calc(50% - 6px)', sm: 150 }}
        value={search.severity}
        data={[
          { value: 'page', label: 'Page' },
          { value: 'ticket', label: 'Ticket' },
          { value: 'log', label: 'Log' },
        ]}
        onChoose={(severity) => keep({ severity })}
      />
      <ServiceChoice value={search.service} onChoose={(service) => keep({ service })} />
      {search.slo !== undefined && (
        <Choice
          label="SLO"
          any="Any SLO"
          value={search.slo}
          data={[]}
          onChoose={(slo) => keep({ slo })}
        />
      )}
      <Views page="/alerts" shipped={VIEWS} />
    </FilterBar>
  );
}

function Blank() {
  return (
    <Empty
      title="No alert yet"
      commands={[{ line: 'plimsoll get burnpolicy', says: 'What makes an alert fire:' }]}
    >
      An alert opens when an SLO burns its budget so fast that someone should act, or when it sends
      nothing any more. It stands here with the numbers it fired on, what changed before it, and who
      was told.
    </Empty>
  );
}
