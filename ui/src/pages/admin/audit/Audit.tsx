/** The audit log: who changed what, newest first, narrowed by the address. */
import { Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useAudit } from '../../../api/audit';
import { usePeople } from '../../../api/people';
import { useTokens } from '../../../api/tokens';
import { useWebhooks } from '../../../api/webhooks';
import type { AuditEntry } from '../../../api/types';
import { flags } from '../../../app/command';
import type { AuditSearch } from '../../../app/search';
import { sentenceCase } from '../../../app/words';
import { Ago } from '../../../parts/Ago';
import { Arriving } from '../../../parts/Arriving';
import { DataRows, type Column } from '../../../parts/DataRows';
import { Empty } from '../../../parts/Empty';
import { Hint } from '../../../parts/Hint';
import { NoMatch } from '../../../parts/NoMatch';
import { Page } from '../../../parts/Page';
import { Filters } from './Filters';
import { auditSentence, instants, isErased, namesOf, piecesOf, subjectName } from './words';
import type { Names } from './words';

const route = getRouteApi('/signed-in/admin/audit');

const ERASED = 'This person was erased. History keeps their id, and stays provable.';

export function Audit() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { actor, subject } = search;
  const list = useAudit({ actor, subject, ...instants(search) });
  const { names, isGone } = useNames();
  const filtered = Object.values(search).some((value) => value !== undefined);
  const none = list.known && list.items.length === 0;
  const keep = (change: AuditSearch) =>
    void navigate({ search: (before) => ({ ...before, ...change }) });
  return (
    <Page
      title={
        list.settled ? auditSentence(list.items.length, list.more, search, names) : 'Audit log'
      }
      help="audit"
      commands={[`plimsoll audit list${flags({ actor, subject, ...instants(search) })}`]}
    >
      <Filters search={search} names={names} />
      <Arriving
        asked={list}
        of="the audit log"
        works="What happens is written down without this page."
      />
      {none && filtered && <NoMatch what="change" onAll={() => void navigate({ search: {} })} />}
      {none && !filtered && <Blank />}
      {list.items.length > 0 && (
        <DataRows
          label="Audit log"
          items={list.items}
          keyOf={(entry) => entry.id}
          columns={columns(names, isGone, keep)}
          card={(entry) => <Card entry={entry} names={names} isGone={isGone} keep={keep} />}
          heights={{ row: 37, card: 98 }}
          rest={list}
        />
      )}
    </Page>
  );
}

/** What people, tokens and webhook senders are called; who may see this page may see them. */
function useNames(): { names: Names; isGone: IsGone } {
  const people = usePeople();
  const tokens = useTokens();
  const senders = useWebhooks();
  const names = useMemo(
    () => namesOf(people.data, tokens.data, senders.data),
    [people.data, tokens.data, senders.data],
  );
  // Whoever is not among the people is erased only once it is known who they are.
  const known = people.data !== undefined;
  return { names, isGone: (id) => known && id.startsWith('per_') && !names.has(id) };
}

type IsGone = (id: string) => boolean;

type Keep = (change: AuditSearch) => void;

function columns(names: Names, isGone: IsGone, keep: Keep): Column<AuditEntry>[] {
  return [
    { head: 'When', cell: ({ at }) => <Ago at={at} />, width: 120 },
    { head: 'Who', cell: (entry) => <Actor entry={entry} keep={keep} />, width: '18%' },
    { head: 'What', cell: (entry) => <Message entry={entry} names={names} /> },
    {
      head: 'About',
      cell: (entry) => <Subject entry={entry} names={names} isGone={isGone} keep={keep} />,
      width: '20%',
    },
  ];
}

interface CardProps {
  entry: AuditEntry;
  names: Names;
  isGone: IsGone;
  keep: Keep;
}

function Card({ entry, names, isGone, keep }: CardProps) {
  return (
    <Stack gap={2}>
      <Group justify="space-between" wrap="nowrap" fz="sm">
        <Actor entry={entry} keep={keep} />
        <Text c="dimmed" inherit component="div">
          <Ago at={entry.at} />
        </Text>
      </Group>
      <Message entry={entry} names={names} />
      <Text fz="sm" c="dimmed" component="div">
        about <Subject entry={entry} names={names} isGone={isGone} keep={keep} />
      </Text>
    </Stack>
  );
}

/** Who did it; a click shows all that they did. */
function Actor({ entry, keep }: Pick<CardProps, 'entry' | 'keep'>) {
  const { actor, actor_id, actor_kind } = entry;
  if (actor_id == null) return <>Plimsoll{actor === '' ? '' : `, ${actor}`}</>;
  return (
    <Text inherit component="div" style={{ overflowWrap: 'anywhere' }}>
      {isErased(entry) ? (
        <Hint says={ERASED}>someone erased</Hint>
      ) : (
        <Narrow what={`what ${actor} did`} onClick={() => keep({ actor: actor_id })}>
          {actor}
        </Narrow>
      )}
      {actor_kind === 'token' && (
        <Text span inherit c="dimmed">
          {' '}
          (token)
        </Text>
      )}
    </Text>
  );
}

/** What happened: names are what someone typed, shown as text. */
function Message({ entry, names }: Pick<CardProps, 'entry' | 'names'>) {
  const typed = [...names.values(), entry.actor, entry.subject.split(' ').at(-1) ?? ''];
  return (
    <Text inherit component="div" style={{ overflowWrap: 'anywhere' }} title={entry.event}>
      {piecesOf(entry.message, typed).map(({ text, erased }, index) =>
        erased ? (
          <Hint key={index} says={`${ERASED} It is ${text}.`}>
            {index === 0 ? 'Someone erased' : 'someone erased'}
          </Hint>
        ) : (
          <span key={index}>{text}</span>
        ),
      )}
    </Text>
  );
}

/** What it is about; a click shows all that was done to it. */
function Subject({ entry, names, isGone, keep }: CardProps) {
  const { subject } = entry;
  const name = subjectName(subject, names);
  return (
    <Text inherit span style={{ overflowWrap: 'anywhere' }}>
      <Narrow what={`what was done to ${name}`} onClick={() => keep({ subject })}>
        {isGone(subject) ? 'someone erased' : sentenceOf(subject, name)}
      </Narrow>
    </Text>
  );
}

/** A noun with its name as it is; a lone word with a capital. */
const sentenceOf = (subject: string, name: string) =>
  subject === name && /^[a-z]+$/.test(subject) ? sentenceCase(subject) : name;

interface NarrowProps {
  what: string;
  onClick: () => void;
  children: string;
}

function Narrow({ what, onClick, children }: NarrowProps) {
  return (
    <UnstyledButton className="text-button" onClick={onClick} title={`Show ${what}`}>
      {children}
    </UnstyledButton>
  );
}

function Blank() {
  return (
    <Empty
      title="Nothing was changed yet"
      commands={[{ line: 'plimsoll audit list', says: 'The same on the command line:' }]}
    >
      Every change of access and of definitions, each sign-in and each backup stands here, with who
      did it. It is written with the change itself, sealed, and never edited.
    </Empty>
  );
}
