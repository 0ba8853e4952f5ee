/** Who is in a team as what; who may change that does so here. Names are shown as text. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { Member, Team } from '../../../api/types';
import { sentenceCase } from '../../../app/words';
import { Ago } from '../../../parts/Ago';
import { Section } from '../../../parts/Section';
import { later } from '../../../parts/later';
import { Change } from '../Change';

const AddMember = later(() => import('./AddMember').then((m) => m.AddMember));
const ChangeMember = later(() => import('./ChangeMember').then((m) => m.ChangeMember));
const RemoveMember = later(() => import('./ChangeMember').then((m) => m.RemoveMember));

/** What is to be done with somebody. */
interface Asked {
  what: 'role' | 'remove';
  member: Member;
}

export function Members({ team, mayChange }: { team: Team; mayChange: boolean }) {
  const [adding, add] = useDisclosure();
  const [asked, ask] = useState<Asked | null>(null);
  const close = () => ask(null);
  return (
    <Section
      title="Its members"
      says={
        mayChange
          ? 'A role here holds for what the team owns.'
          : 'A role here holds for what the team owns. Its admins and those of the installation change who is in it.'
      }
      aside={
        mayChange && (
          <Button size="xs" onClick={add.open}>
            Add a member
          </Button>
        )
      }
    >
      {team.members.length === 0 && (
        <Text c="dimmed">Nobody: what it owns is changed by those with a role for everything.</Text>
      )}
      <Stack gap="sm" role="list" aria-label="Members">
        {team.members.map((member) => (
          <One key={member.id} member={member} onAsk={mayChange ? ask : undefined} />
        ))}
      </Stack>
      {adding && <AddMember team={team} onClose={add.close} />}
      {asked?.what === 'role' && <ChangeMember team={team} member={asked.member} onClose={close} />}
      {asked?.what === 'remove' && (
        <RemoveMember team={team} member={asked.member} onClose={close} />
      )}
    </Section>
  );
}

interface OneProps {
  member: Member;
  onAsk: ((asked: Asked) => void) | undefined;
}

function One({ member, onAsk }: OneProps) {
  return (
    <Group role="listitem" justify="space-between" wrap="nowrap" gap="sm">
      <Stack gap={0} miw={0}>
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {member.name}
        </Text>
        <Text c="dimmed" fz="sm" component="div">
          {sentenceCase(member.role)}, since <Ago at={member.since} />
        </Text>
      </Stack>
      {onAsk && (
        <Change
          name={member.name}
          deeds={[{ says: 'Change the role…', onAsk: () => onAsk({ what: 'role', member }) }]}
          grave={{
            says: 'Take out of the team…',
            onAsk: () => onAsk({ what: 'remove', member }),
          }}
        />
      )}
    </Group>
  );
}
