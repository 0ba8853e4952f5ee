/** Making a token: what to call it, what it may and until when; then its secret, this once. */
import { Text } from '@mantine/core';
import { useState } from 'react';
import { useCreateToken } from '../../../api/tokens';
import type { Token } from '../../../api/types';
import { LetIn } from '../LetIn';
import { MadeOnce } from '../MadeOnce';
import { RoleChoice } from '../RoleChoice';
import { ScopeChoice } from '../ScopeChoice';
import { ShownOnce } from '../ShownOnce';
import { SCOPES } from './scopes';

export function NewToken({ onClose }: { onClose: () => void }) {
  const create = useCreateToken();
  return (
    <MadeOnce
      title="Make a token"
      made={create.data}
      shown={(token) => <Once token={token} onClose={onClose} />}
      onClose={onClose}
    >
      <Form create={create} />
    </MadeOnce>
  );
}

function Once({ token, onClose }: { token: Token; onClose: () => void }) {
  return (
    <ShownOnce
      says={
        <>
          This is the token <b>{token.name}</b>. Only its hash is stored: nobody can show it again.
        </>
      }
      text={token.secret ?? ''}
      copy="Copy the token"
      onClose={onClose}
    >
      <Text c="dimmed" fz="sm">
        Give it to a program as PLIMSOLL_TOKEN, from a secret store and never from a repository.
      </Text>
    </ShownOnce>
  );
}

function Form({ create }: { create: ReturnType<typeof useCreateToken> }) {
  const [role, setRole] = useState('responder');
  const [scopes, setScopes] = useState<string[]>([]);
  return (
    <LetIn
      says={{
        name: 'What comes in with it: letters, digits, dots and dashes.',
        team: 'With one, the role holds for what the team owns; everything else is only read.',
      }}
      act="Make the token"
      making={create}
      onMake={(named) =>
        create.mutate({ ...named, role, ...(scopes.length === 0 ? {} : { scopes }) })
      }
    >
      {(ofTeam) => (
        <>
          <RoleChoice value={role} onChange={setRole} ofTeam={ofTeam} />
          <ScopeChoice
            label="Limit it to"
            description="Nothing chosen: all that the role may. A scope gives nothing that the role does not."
            scopes={SCOPES}
            value={scopes}
            onChange={setScopes}
          />
        </>
      )}
    </LetIn>
  );
}
