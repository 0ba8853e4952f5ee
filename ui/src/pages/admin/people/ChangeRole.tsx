/** Another role for somebody, for the whole installation. */
import { useChangeRole } from '../../../api/people';
import type { Person } from '../../../api/types';
import { RoleDialog } from '../RoleDialog';

export function ChangeRole({ person, onClose }: { person: Person; onClose: () => void }) {
  const change = useChangeRole(person.id);
  return (
    <RoleDialog
      title={`The role of ${person.name}`}
      role={person.role}
      says="It holds for the whole installation, from now on. Roles in teams stay as they are."
      busy={change.isPending}
      error={change.error}
      onChange={(role) => change.mutate(role, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}
