/** All SLOs, gravest first: which need someone, which cannot be seen. */
import { Group } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useSlos, useStanding } from '../../api/slos';
import type { Standing } from '../../api/types';
import { command } from '../../app/command';
import { unknownWord, type SloListSearch } from '../../app/search';
import { inWords } from '../../app/format';
import { listSentence, sentenceCase, statusVerb } from '../../app/words';
import { AppLink } from '../../parts/AppLink';
import { Arriving } from '../../parts/Arriving';
import { Empty } from '../../parts/Empty';
import { NoMatch } from '../../parts/NoMatch';
import { Page } from '../../parts/Page';
import { Filters } from './Filters';
import { SloRows } from './SloRows';

const route = getRouteApi('/signed-in/slos');

export function SloList() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { q, service, owner, status, sort = 'gravity' } = search;
  const unknown = unknownWord(search);
  const list = useSlos({ q, service, owner, status, sort }, undefined, unknown === undefined);
  const standing = useStanding({ q, service, owner });
  const filtered = Boolean(q ?? service ?? owner ?? status);
  const none = list.known && list.items.length === 0 && !list.more;
  const showAll = () => void navigate({ search: {} });
  return (
    <Page
      title={sentence(standing.data, search, none || unknown !== undefined)}
      help="slos"
      commands={[
        service === undefined ? 'plimsoll get slo' : command`plimsoll get slo --service ${service}`,
      ]}
    >
      <Group gap="md">
        <AppLink to="/targets" fz="sm">
          Which target fits, and what does it allow?
        </AppLink>
        <AppLink to="/import" fz="sm">
          Bring SLOs of Sloth, Pyrra or OpenSLO
        </AppLink>
      </Group>
      {!(none && !filtered) && <Filters />}
      {unknown ? (
        <NoMatch what="SLO" unknown={unknown} onAll={showAll} />
      ) : (
        <>
          <Arriving
            asked={list}
            of="the SLOs"
            works="Measuring and alerting do not depend on this page."
          />
          {none && filtered && <NoMatch what="SLO" onAll={showAll} />}
          {none && !filtered && <Blank />}
          {list.items.length > 0 && <SloRows list={list} />}
        </>
      )}
    </Page>
  );
}

function Blank() {
  return (
    <Empty
      title="Say what your users can rely on"
      commands={[
        { line: 'plimsoll init', says: 'Write a first set of documents to start from:' },
        {
          line: 'plimsoll import sloth.yaml > slos.yaml',
          says: 'Or bring what you have, of Sloth, Pyrra or OpenSLO:',
        },
        {
          line: 'plimsoll apply -f slos/',
          says: 'Apply what is in a file or a directory; all faults are shown at once:',
        },
      ]}
    >
      An SLO names a promise to the users of a service: which events count, and what share of them
      must be good. From then on Plimsoll measures it, keeps its error budget, tells someone when it
      burns, and shows all of it here.
    </Empty>
  );
}

function sentence(standing: Standing | undefined, search: SloListSearch, none: boolean): string {
  const filtered = Boolean(search.q ?? search.service ?? search.owner ?? search.status);
  if (none) return filtered ? 'No SLO matches' : 'No SLO is defined yet';
  if (standing === undefined) return 'SLOs';
  if (search.status === undefined) return listSentence(standing.slos);
  const count = standing.slos.by_status[search.status] ?? 0;
  const what = count === 1 ? 'SLO' : 'SLOs';
  return sentenceCase(`${inWords(count)} ${what} ${statusVerb(search.status, count)}`);
}
