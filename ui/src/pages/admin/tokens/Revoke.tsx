/** Revoking a token: asked once, since it cannot be taken back. */
import { useRevokeToken } from '../../../api/access';
import type { Token } from '../../../api/types';
import { Ago } from '../../../parts/Ago';
import { Confirm } from '../../../parts/Confirm';
import { Refusal } from '../../../parts/Refusal';

export function Revoke({ token, onClose }: { token: Token; onClose: () => void }) {
  const revoke = useRevokeToken();
  return (
    <Confirm
      opened
      title={`Revoke ${token.name}?`}
      act="Revoke the token"
      busy={revoke.isPending}
      error={<Refusal error={revoke.error} />}
      onAct={() => revoke.mutate(token.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      Whatever comes in with it is refused from now on, and it cannot be brought back. It has the
      role <b>{token.role}</b> and was made <Ago at={token.created_at} />.
    </Confirm>
  );
}
