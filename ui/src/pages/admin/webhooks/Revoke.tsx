/** Revoking a sender: asked once, since it cannot be taken back. */
import { useRevokeWebhook } from '../../../api/webhooks';
import type { Webhook } from '../../../api/types';
import { Confirm } from '../../../parts/Confirm';
import { Refusal } from '../../../parts/Refusal';

export function Revoke({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const revoke = useRevokeWebhook();
  return (
    <Confirm
      title={`Revoke ${webhook.name}?`}
      act="Revoke the sender"
      busy={revoke.isPending}
      error={<Refusal error={revoke.error} />}
      onAct={() => revoke.mutate(webhook.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      What it sends is refused from then on, with every secret it ever had, and it cannot be brought
      back. What it told of is kept.
    </Confirm>
  );
}
