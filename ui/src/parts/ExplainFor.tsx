/** Lets the numbers of an SLO explain themselves on any page whose address keeps the instant. */
import { useHotkeys } from '@mantine/hooks';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { AskWhyContext } from './Figure';

/** Loaded when it is first asked. */
const Explain = lazy(() => import('./Explain').then(({ Explain }) => ({ default: Explain })));

interface Props {
  slo: string;
  /** The instant that is open; undefined while none is. */
  at: string | undefined;
  /** What is explained when no instant is named. */
  now: string;
  onOpen: (at: string | undefined) => void;
  children: ReactNode;
}

export function ExplainFor({ slo, at, now, onOpen, children }: Props) {
  const ask = (instant = now) => onOpen(instant);
  const asked = useOnceTrue(at !== undefined);
  useHotkeys([['e', () => ask()]]);
  return (
    <AskWhyContext value={ask}>
      {children}
      {asked && (
        <Suspense>
          <Explain slo={slo} at={at ?? null} onClose={() => onOpen(undefined)} onMove={ask} />
        </Suspense>
      )}
    </AskWhyContext>
  );
}

/** Whether it is true, or ever was: what is closed may still be on its way out. */
function useOnceTrue(now: boolean): boolean {
  const [ever, setEver] = useState(now);
  if (now && !ever) setEver(true);
  return ever || now;
}
