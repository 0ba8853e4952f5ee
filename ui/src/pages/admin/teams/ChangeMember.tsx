/** Another role for somebody in a team, or none. */
import { useRemoveMember, useSetMember } from '../../../api/teams';
import type { Member, Team } from '../../../api/types';
import { nameOf } from '../../../app/words';
import { Confirm } from '../../../parts/Confirm';
import { Refusal } from '../../../parts/Refusal';
import { RoleDialog } from '../RoleDialog';

interface Props {
  team: Team;
  member: Member;
  onClose: () => void;
}

export function ChangeMember({ team, member, onClose }: Props) {
  const set = useSetMember(team.name);
  return (
    <RoleDialog
      title={`The role of ${member.name} in ${nameOf(team)}`}
      role={member.role}
      ofTeam
      says="It holds for what the team owns, from now on."
      busy={set.isPending}
      error={set.error}
      onChange={(role) => set.mutate({ id: member.id, role }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

export function RemoveMember({ team, member, onClose }: Props) {
  const remove = useRemoveMember(team.name);
  return (
    <Confirm
      title={`Take ${member.name} out of ${nameOf(team)}?`}
      act="Take out of the team"
      keep="Keep them in it"
      busy={remove.isPending}
      error={<Refusal error={remove.error} />}
      onAct={() => remove.mutate(member.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      They keep the role they have for the whole installation, and lose at once what they may do
      with what the team owns. They can be added again.
    </Confirm>
  );
}
