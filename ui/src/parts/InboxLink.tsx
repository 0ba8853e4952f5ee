/** Where mail that was sent can be looked at, on installations that name such a place. */
import { Anchor, Text } from '@mantine/core';
import type { Notification } from '../api/types';

export function InboxLink({ message }: { message: Notification }) {
  const { inbox_url: url, state } = message;
  if (url == null || state !== 'accepted') return null;
  return (
    <Text inherit component="div">
      look at it{' '}
      <Anchor inherit href={url} target="_blank" rel="noopener noreferrer">
        in the inbox
      </Anchor>
    </Text>
  );
}
