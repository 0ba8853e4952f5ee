/** What is said about teams. */
import type { Person, Receiver, Team } from '../../../api/types';
import { inWords } from '../../../app/format';
import { nameOf, sentenceCase } from '../../../app/words';

/** The title of the list. */
export function teamsSentence(teams: Team[]): string {
  if (teams.length === 0) return 'No team owns anything yet';
  const of = `${inWords(teams.length)} ${teams.length === 1 ? 'team' : 'teams'}`;
  const empty = teams.filter(({ members }) => members.length === 0).length;
  if (empty === 0)
    return sentenceCase(`${of} ${teams.length === 1 ? 'has' : 'have'} people in ${them(teams)}`);
  if (empty === teams.length) return `Nobody is in ${teams.length === 1 ? 'the' : 'any'} team yet`;
  return sentenceCase(
    `${inWords(empty)} of ${of} ${empty === 1 ? 'has nobody in it' : 'have nobody in them'}`,
  );
}

const them = (teams: Team[]) => (teams.length === 1 ? 'it' : 'them');

/** The title of a team's page. */
export function teamSentence(team: Team): string {
  const { members, services } = team;
  const people =
    members.length === 0
      ? 'has nobody in it'
      : `has ${inWords(members.length)} ${members.length === 1 ? 'member' : 'members'}`;
  const owns =
    services.length === 0
      ? 'owns no service'
      : `owns ${inWords(services.length)} ${services.length === 1 ? 'service' : 'services'}`;
  return `${nameOf(team)} ${people} and ${owns}`;
}

/** The receivers that are of a team. */
export function receiversOf(team: string, receivers: Receiver[] | undefined): Receiver[] {
  return (receivers ?? []).filter((receiver) => receiver.team === team);
}

/** Those who are not in a team yet. */
export function strangers(team: Team, people: Person[] | undefined): Person[] {
  return (people ?? []).filter(({ id }) => !team.members.some((member) => member.id === id));
}
