/** Lets the numbers of an SLO explain themselves on any page whose address keeps the instant. */
import { useState, type ReactNode } from 'react';
import { usePageKeys } from '../app/chords';
import { AskWhyContext } from './Figure';
import { later } from './later';

/** Loaded when it is first asked. */
const Explain = later(() => import('./Explain').then((m) => m.Explain));

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
  usePageKeys([['e', () => ask()]]);
  return (
    <AskWhyContext value={ask}>
      {children}
      {asked && (
        <Explain slo={slo} at={at ?? null} onClose={() => onOpen(undefined)} onMove={ask} />
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
