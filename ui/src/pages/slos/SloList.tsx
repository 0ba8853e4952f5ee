/** All SLOs, gravest first: which need someone, which cannot be seen. */
import { Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { LIST_MAX, useSlos, type SloList as Listed } from '../../api/slos';
import { useTitle } from '../../app/title';
import { listSentence } from '../../app/words';
import { Command } from '../../parts/Command';
import { Empty } from '../../parts/Empty';
import { Problem } from '../../parts/Problem';
import { Filters } from './Filters';
import { SloRows } from './SloRows';
import { sorted } from './sort';

const route = getRouteApi('/signed-in/slos');

export function SloList() {
  const { q, service, status, sort = 'gravity' } = route.useSearch();
  const list = useSlos({ q, service, status });
  const filtered = Boolean(q ?? service ?? status);
  const title = list.data === undefined ? 'SLOs' : sentence(list.data, filtered);
  useTitle(title);
  return (
    <Stack gap="md">
      <Title order={1}>{title}</Title>
      {!isBlank(list.data, filtered) && <Filters />}
      {list.isError && (
        <Problem
          error={list.error}
          what="The list of SLOs"
          retry={() => void list.refetch()}
          works={
            list.data
              ? 'Below is what was last seen.'
              : 'Measuring and alerting do not depend on this page.'
          }
        />
      )}
      {list.isPending && <Loading />}
      {list.data && <Content list={list.data} filtered={filtered} sort={sort} />}
      <Group gap="sm" c="dimmed">
        <Text>On the command line:</Text>
        <Command line="plimsoll get slo" />
      </Group>
    </Stack>
  );
}

function Content({
  list,
  filtered,
  sort,
}: {
  list: Listed;
  filtered: boolean;
  sort: Parameters<typeof sorted>[1];
}) {
  const slos = useMemo(() => sorted(list.slos, sort), [list.slos, sort]);
  if (slos.length === 0) return filtered ? <NoMatch /> : <Blank />;
  return (
    <>
      <SloRows slos={slos} />
      {list.more && (
        <Text c="dimmed">
          These are the first {LIST_MAX}. Search, or pick a service, to see others.
        </Text>
      )}
    </>
  );
}

function Blank() {
  return (
    <Empty
      title="Say what your users can rely on"
      commands={[
        { line: 'plimsoll init', says: 'Write a first set of documents to start from:' },
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

function NoMatch() {
  const navigate = route.useNavigate();
  return (
    <Empty title="No SLO matches">
      Nothing has these words, this service and this status together.{' '}
      <Text
        component="button"
        className="figure"
        bg="none"
        bd={0}
        p={0}
        style={{ cursor: 'pointer' }}
        onClick={() => void navigate({ search: {} })}
      >
        Show all
      </Text>
    </Empty>
  );
}

function Loading() {
  return (
    <Stack gap={8} aria-busy aria-label="Loading the SLOs">
      {Array.from({ length: 6 }, (_, row) => (
        <Skeleton key={row} height={52} />
      ))}
    </Stack>
  );
}

function sentence(list: Listed, filtered: boolean): string {
  if (list.slos.length > 0) return listSentence(list.slos, list.more);
  return filtered ? 'No SLO matches' : 'No SLO is defined yet';
}

function isBlank(list: Listed | undefined, filtered: boolean): boolean {
  return list !== undefined && list.slos.length === 0 && !filtered;
}
