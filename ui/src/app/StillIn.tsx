/** Says that signing out failed: whoever leaves a screen must not take it for done. */
import { useMutationState } from '@tanstack/react-query';
import { SIGN_OUT, useSignOut } from '../api/session';
import { Banner } from './Banner';
import { asSentence } from './words';

export function StillIn() {
  const tried = useMutationState({
    filters: { mutationKey: SIGN_OUT },
    select: ({ state: { status, error } }) => ({ status, error }),
  });
  const signOut = useSignOut();
  // One that is under way has not mended what failed before it.
  const error = tried.filter(({ status }) => status !== 'pending').at(-1)?.error;
  if (error == null) return null;
  return (
    <Banner
      role="alert"
      icon="triangle"
      act="Sign out again"
      acting={tried.at(-1)?.status === 'pending'}
      onAct={() => signOut.mutate()}
    >
      You are still signed in: signing out failed. {asSentence(error.message)}
    </Banner>
  );
}
