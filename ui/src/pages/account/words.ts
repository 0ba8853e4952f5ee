/** What is said about one's own account. */
import type { Me, Session } from '../../api/types';
import { inWords } from '../../app/format';

/** The title: who one is, and where one is signed in. */
export function accountSentence(me: Me, sessions: Session[] | undefined): string {
  const who = `You are ${me.name}, ${article(me.role)} of this Plimsoll`;
  if (sessions === undefined) return who;
  const others = sessions.filter(({ current }) => !current).length;
  if (others === 0) return `${who}, signed in here alone`;
  return `${who}, signed in here and in ${inWords(others)} other ${others === 1 ? 'place' : 'places'}`;
}

const article = (role: string) => `${/^[aeiou]/.test(role) ? 'an' : 'a'} ${role}`;
