/** Erasing a person: asked once, with what goes and what is kept. */
import { useErase } from '../../../api/people';
import type { Person } from '../../../api/types';
import { Confirm } from '../../../parts/Confirm';
import { Refusal } from '../../../parts/Refusal';

export function ErasePerson({ person, onClose }: { person: Person; onClose: () => void }) {
  const erase = useErase(person.id);
  return (
    <Confirm
      title={`Erase ${person.name}?`}
      act="Erase the person"
      keep="Keep them"
      busy={erase.isPending}
      error={<Refusal error={erase.error} />}
      onAct={() => erase.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      Their name, password, sessions and places in teams are gone, and cannot be brought back. What
      they did is kept: history names them by their id, <b>{person.id}</b>, and stays provable.
    </Confirm>
  );
}
