/** Revoking a token: asked once, since it cannot be taken back. */
import { useRevokeToken } from '../../../api/tokens';
import type { Token } from '../../../api/types';
import { Ago } from '../../../parts/Ago';
import { Confirm } from '../../../parts/Confirm';
import { Refusal } from '../../../parts/Refusal';

export function Revoke({ token, onClose }: { token: Token; onClose: () => void }) {
  const revoke = useRevokeToken();
  return (
    <Confirm
      title={`Revoke ${token.name}?`}
      act="Revoke the token"
      busy={revoke.isPending}
      error={<Refusal error={revoke.error} />}
      onAct={() => revoke.mutate(token.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      Whatever comes in with it is refused within a second, live views that were opened with it end,
      and it cannot be brought back. It has the role <b>{token.role}</b> and was{' '}
      {token.last_used_at == null ? 'never used' : <LastUse at={token.last_used_at} />}.
    </Confirm>
  );
}

function LastUse({ at }: { at: string }) {
  return (
    <>
      last used <Ago at={at} />
    </>
  );
}
