/** What is said about messages. */
import type { Notification } from '../../../api/types';
import { inWords } from '../../../app/format';
import type { NotificationsSearch } from '../../../app/search';
import { allOf, sentenceCase, someOf } from '../../../app/words';
import { stateWord } from '../../../parts/Delivery';

/** The title of the log: of all that is asked for, or of those in one state. */
export function notificationsTitle(
  items: Notification[],
  more: boolean,
  { receiver, state }: NotificationsSearch,
): string {
  const whose = receiver === undefined ? '' : ` for ${receiver}`;
  if (state === undefined) return `${notificationsSentence(items, more)}${whose}`;
  const many = items.length === 0 ? 'no' : inWords(items.length);
  return sentenceCase(
    `${more ? 'more than ' : ''}${many} ${items.length === 1 ? 'message' : 'messages'}${whose}: ${stateWord(state).toLowerCase()}`,
  );
}

/** Whether everything arrived. */
export function notificationsSentence(items: Notification[], more: boolean): string {
  if (items.length === 0) return 'Nobody was told anything yet';
  const of = (state: string) => items.filter((message) => message.state === state).length;
  const some = (many: number, one: string, several: string) =>
    sentenceCase(`${someOf(many, items.length, 'message', more)} ${many === 1 ? one : several}`);
  const [lost, waiting, superseded] = [of('undeliverable'), of('pending'), of('superseded')];
  if (lost > 0) return some(lost, 'was undeliverable', 'were undeliverable');
  if (waiting > 0) return some(waiting, 'is on its way', 'are on their way');
  if (superseded > 0) return some(superseded, 'was no longer news', 'were no longer news');
  if (more && items.length > 1)
    return `All of the last ${inWords(items.length)} messages were delivered`;
  return sentenceCase(
    `${allOf(items.length, 'message')} ${items.length === 1 ? 'was' : 'were'} delivered`,
  );
}
