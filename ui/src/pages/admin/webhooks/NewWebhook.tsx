/** Making a sender: what to call it, what it may and until when; then its secret, this once. */
import { useState } from 'react';
import { useCreateWebhook } from '../../../api/webhooks';
import { LetIn } from '../LetIn';
import { MadeOnce } from '../MadeOnce';
import { ScopeChoice } from '../ScopeChoice';
import { Once } from './Once';
import { SCOPES } from './scopes';

export function NewWebhook({ onClose }: { onClose: () => void }) {
  const create = useCreateWebhook();
  const [scopes, setScopes] = useState(['record_deployment']);
  return (
    <MadeOnce
      title="Make a sender"
      made={create.data}
      shown={(webhook) => <Once webhook={webhook} onClose={onClose} />}
      onClose={onClose}
    >
      <LetIn
        says={{
          name: 'What sends: letters, digits, dots and dashes.',
          team: 'With one, it may do so for what the team owns alone.',
        }}
        act="Make the sender"
        making={create}
        unfinished={scopes.length === 0}
        onMake={(named) => create.mutate({ ...named, scopes })}
      >
        {() => (
          <ScopeChoice
            label="What it may do"
            description="One of them at least."
            scopes={SCOPES}
            value={scopes}
            onChange={setScopes}
          />
        )}
      </LetIn>
    </MadeOnce>
  );
}
