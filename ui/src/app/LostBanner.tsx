/** Says when what is shown may be old, since when, and offers to try at once. */
import { Banner } from './Banner';
import { clock, duration } from './format';
import type { Live } from './live';
import { useNow } from './now';

/** A connection that is back within a breath is not worth a word. */
const GRACE_MS = 2500;

export function LostBanner({ live }: { live: Live }) {
  const now = useNow(1000);
  if (live.lostSince === null || now - live.lostSince < GRACE_MS) return null;
  return (
    <Banner role="status" icon="broken" act="Try now" onAct={live.retry}>
      Live connection lost since {clock(live.lostSince)}
      {/* It changes each second, and is not to be read out each time. */}
      <span aria-hidden> ({duration(now - live.lostSince)})</span>; what is shown may be old.
    </Banner>
  );
}
