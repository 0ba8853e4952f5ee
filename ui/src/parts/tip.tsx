/**
 * What is said about a thing while a pointer rests on it. Until one does there is nothing but its
 * listeners: a list has a hundred such things, and nobody points at most of them.
 */
import { Tooltip } from '@mantine/core';
import { useEffect, useRef, useState, type PointerEvent, type ReactNode } from 'react';

interface Tip {
  /** What the thing listens to. */
  over: {
    onPointerEnter: (event: PointerEvent<Element>) => void;
    onPointerLeave: () => void;
  };
  /** What is said, while it is; beside the thing. */
  said: ReactNode;
}

/** The words are made only once they are wanted. */
export function useTip(says: () => string, delayMs = 0): Tip {
  const [target, pointAt] = useState<HTMLElement | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    over: {
      onPointerEnter: ({ pointerType, currentTarget }) => {
        // A finger that touches means to act.
        if (pointerType === 'touch' || !(currentTarget instanceof HTMLElement)) return;
        timer.current = setTimeout(() => pointAt(currentTarget), delayMs);
      },
      onPointerLeave: () => {
        clearTimeout(timer.current);
        pointAt(null);
      },
    },
    said: target && <Tooltip target={target} label={says()} defaultOpened withArrow />,
  };
}
