/** What was asked of the gates and what went out, newest first. */
import { getRouteApi } from '@tanstack/react-router';
import { useDecisionPages, useLatestDecisions } from '../../api/decisions';
import { useDeploymentPages, useLatestDeployments } from '../../api/deployments';
import { useNow } from '../../app/now';
import { unknownWord, type ReleaseListSearch } from '../../app/search';
import { Arriving } from '../../parts/Arriving';
import { Choice } from '../../parts/Choice';
import { Empty } from '../../parts/Empty';
import { countSet, FilterBar } from '../../parts/FilterBar';
import { Kinds } from '../../parts/Kinds';
import { NoMatch } from '../../parts/NoMatch';
import { Page } from '../../parts/Page';
import { ServiceChoice } from '../../parts/ServiceChoice';
import { verdictWord } from '../../parts/Verdict';
import { Views } from '../../parts/Views';
import { DecisionRows, DeploymentRows } from './ReleaseRows';
import { deploymentsSentence, reachesWeek, releasesSentence } from './words';

const route = getRouteApi('/signed-in/releases');

/** What the title's week is counted from. */
const WEEK_MAX = 500;
const VIEWS = [
  { name: 'Denied', search: 'verdict=deny' },
  { name: 'Deployments to production', search: 'show=deployments&environment=production' },
];

export function ReleaseList() {
  const search = route.useSearch();
  const { title, environments } = useWeek(search);
  const deployed = search.show === 'deployments';
  return (
    <Page
      title={title}
      help="releases"
      commands={[`plimsoll get ${deployed ? 'deployment' : 'decision'}`]}
    >
      <Filters search={search} environments={environments} />
      {deployed ? <DeploymentList search={search} /> : <DecisionList search={search} />}
    </Page>
  );
}

interface Props {
  search: ReleaseListSearch;
}

/** The last 7 days in a sentence, and the environments that anything was for. */
function useWeek({ show, service, environment }: ReleaseListSearch) {
  const now = useNow(60_000);
  const deployed = show === 'deployments';
  const asked = useLatestDecisions({ service }, WEEK_MAX, !deployed);
  const went = useLatestDeployments({ service }, WEEK_MAX, deployed);
  const there = <T extends { environment: string }>(all: T[] | undefined) =>
    all?.filter((one) => (environment ?? one.environment) === one.environment);
  const [decisions, deployments] = [there(asked.data), there(went.data)];
  if (deployed)
    return {
      title:
        deployments === undefined
          ? 'Deployments'
          : deploymentsSentence(deployments, now, went.data?.length === WEEK_MAX),
      environments: environmentsOf(went.data ?? []),
    };
  const cut = asked.data?.length === WEEK_MAX && !reachesWeek(asked.data, now);
  return {
    title: decisions === undefined ? 'Releases' : releasesSentence(decisions, now, cut),
    environments: environmentsOf(asked.data ?? []),
  };
}

function DecisionList({ search }: Props) {
  const navigate = route.useNavigate();
  const { service, environment, verdict } = search;
  const enforced = search.enforced === undefined ? undefined : String(search.enforced);
  const unknown = unknownWord({ verdict, enforced });
  const filters = { service, environment, verdict, enforced };
  const list = useDecisionPages(filters, unknown === undefined);
  const filtered = Object.values(filters).some((value) => value !== undefined);
  const none = list.known && list.items.length === 0;
  const showAll = () => void navigate({ search: {} });
  if (unknown) return <NoMatch what="decision" unknown={unknown} onAll={showAll} />;
  return (
    <>
      <Arriving
        asked={list}
        of="the decisions"
        works="The gate itself does not depend on this page: pipelines get their verdicts."
      />
      {none && filtered && <NoMatch what="decision" onAll={showAll} />}
      {none && !filtered && <NothingAsked />}
      {list.items.length > 0 && <DecisionRows list={list} />}
    </>
  );
}

function DeploymentList({ search: { service, environment } }: Props) {
  const navigate = route.useNavigate();
  const list = useDeploymentPages({ service, environment });
  const filtered = Boolean(service ?? environment);
  const none = list.known && list.items.length === 0;
  const showAll = () => void navigate({ search: { show: 'deployments' } });
  return (
    <>
      <Arriving asked={list} of="the deployments" />
      {none && filtered && <NoMatch what="deployment" onAll={showAll} />}
      {none && !filtered && <NothingRecorded />}
      {list.items.length > 0 && <DeploymentRows list={list} />}
    </>
  );
}

interface FiltersProps {
  search: ReleaseListSearch;
  environments: string[];
}

function Filters({ search, environments }: FiltersProps) {
  const navigate = route.useNavigate();
  const keep = (change: ReleaseListSearch) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  return (
    <FilterBar
      set={countSet(search.service, search.environment, search.verdict, search.enforced)}
      first={
        <Kinds
          label="What to show"
          kinds={{ decisions: 'Decisions', deployments: 'Deployments' }}
          value={search.show ?? 'decisions'}
          onChoose={(show) => keep({ show: show === 'deployments' ? show : undefined })}
        />
      }
    >
      <ServiceChoice value={search.service} onChoose={(service) => keep({ service })} />
      <Choice
        label="Environment"
        any="Any environment"
        value={search.environment}
        data={environments.map((value) => ({ value, label: value }))}
        onChoose={(environment) => keep({ environment })}
      />
      {search.show === undefined && <OfDecisions search={search} keep={keep} />}
      <Views page="/releases" shipped={VIEWS} />
    </FilterBar>
  );
}

interface OfDecisionsProps {
  search: ReleaseListSearch;
  keep: (change: ReleaseListSearch) => void;
}

/** What only decisions are narrowed to. */
function OfDecisions({ search: { verdict, enforced }, keep }: OfDecisionsProps) {
  return (
    <>
      <Choice
        label="Verdict"
        any="Any verdict"
        value={verdict}
        data={['deny', 'warn', 'allow'].map((value) => ({ value, label: verdictWord(value) }))}
        onChoose={(verdict) => keep({ verdict })}
      />
      <Choice
        label="Whether it binds"
        any="Binding or not"
        value={enforced === undefined ? undefined : String(enforced)}
        data={[
          { value: 'true', label: 'Binding' },
          { value: 'false', label: 'In shadow mode' },
        ]}
        onChoose={(word) => keep({ enforced: word === undefined ? undefined : word === 'true' })}
      />
    </>
  );
}

function NothingAsked() {
  return (
    <Empty
      title="Ask before it goes out"
      commands={[
        {
          line: 'plimsoll gate check --service SERVICE --environment production --artifact DIGEST --class feature',
          says: 'In a pipeline, before the deployment; the exit code is the verdict:',
        },
      ]}
    >
      A gate says whether an artifact may go out, by what is left of the service’s budgets and the
      error-budget policy. It starts in shadow mode: it decides, says why, and binds nobody until an
      environment is enforced.
    </Empty>
  );
}

function NothingRecorded() {
  return (
    <Empty
      title="Tell what goes out"
      commands={[
        {
          line: 'plimsoll deployment record --service SERVICE --environment production --artifact DIGEST --class feature',
          says: 'In a pipeline, after the deployment:',
        },
      ]}
    >
      Deployments stand as triangles on every chart, and an alert shows which of them came before
      it.
    </Empty>
  );
}

/** The environments of what is listed. */
function environmentsOf(releases: { environment: string }[]): string[] {
  return [...new Set(['production', ...releases.map(({ environment }) => environment)])];
}
