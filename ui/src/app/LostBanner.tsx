/** Says when what is shown may be old, since when, and offers to try at once. */
import { Button, Container, Group, Text } from '@mantine/core';
import { Icon } from '../parts/icons';
import { clock, duration } from './format';
import type { Live } from './live';
import { useNow } from './now';

/** A connection that is back within a breath is not worth a word. */
const GRACE_MS = 2500;

export function LostBanner({ live }: { live: Live }) {
  const now = useNow(1000);
  if (live.lostSince === null || now - live.lostSince < GRACE_MS) return null;
  return (
    <Container
      fluid
      role="status"
      bg="var(--surface)"
      py={6}
      style={{ borderBottom: '2px solid var(--warning-fill)' }}
    >
      <Group gap="xs" justify="center">
        <Text component="span" c="var(--warning-ink)" lh={0}>
          <Icon name="broken" />
        </Text>
        <Text component="span">
          Live connection lost since {clock(live.lostSince)}
          {/* It changes each second, and is not to be read out each time. */}
          <span aria-hidden> ({duration(now - live.lostSince)})</span>; what is shown may be old.
        </Text>
        <Button size="compact-xs" variant="default" onClick={live.retry}>
          Try now
        </Button>
      </Group>
    </Container>
  );
}
