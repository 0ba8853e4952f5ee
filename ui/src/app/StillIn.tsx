/** Says that signing out failed: whoever leaves a screen must not take it for done. */
import { Button, Container, Group, Text } from '@mantine/core';
import { useMutationState } from '@tanstack/react-query';
import { SIGN_OUT, useSignOut } from '../api/session';
import { Icon } from '../parts/icons';
import { asSentence } from './words';

export function StillIn() {
  const tried = useMutationState({
    filters: { mutationKey: SIGN_OUT },
    select: ({ state }) => (state.status === 'error' ? state.error : null),
  });
  const signOut = useSignOut();
  const error = tried.at(-1);
  if (error == null) return null;
  return (
    <Container
      fluid
      role="alert"
      bg="var(--surface)"
      py={6}
      style={{ borderBottom: '2px solid var(--warning-fill)' }}
    >
      <Group gap="xs" justify="center">
        <Text component="span" c="var(--warning-ink)" lh={0}>
          <Icon name="triangle" />
        </Text>
        <Text component="span">
          You are still signed in: signing out failed. {asSentence(error.message)}
        </Text>
        <Button
          size="compact-xs"
          variant="default"
          loading={signOut.isPending}
          onClick={() => signOut.mutate()}
        >
          Sign out again
        </Button>
      </Group>
    </Container>
  );
}
