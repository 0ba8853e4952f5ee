/**
 * Keys of pages: those that a page acts on, and those that follow a g and go to a place.
 *
 * None of them reaches what lies behind an open dialog: there a form would be lost, or what is shown
 * only once.
 */
import { useHotkeys, type HotkeyItem } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { PLACES } from './places';

/** How long the second key may take. */
const PATIENCE_MS = 1500;

/** Keys of what is in front, by default not while a reader types. */
export function usePageKeys(keys: HotkeyItem[], notIn?: string[]): void {
  const inFront = keys.map(([key, act, options]): HotkeyItem => {
    return [key, (event) => isCovered() || act(event), options];
  });
  useHotkeys(inFront, notIn);
}

export function useChords(): void {
  const navigate = useNavigate();
  useEffect(() => {
    let begunAt = -Infinity;
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (isCovered()) return;
      const place = PLACES.find(({ key }) => key === event.key);
      if (place && event.timeStamp - begunAt < PATIENCE_MS) {
        event.preventDefault();
        void navigate({ to: place.to });
      }
      begunAt = event.key === 'g' ? event.timeStamp : -Infinity;
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [navigate]);
}

/** Whether a dialog lies over the page. */
function isCovered(): boolean {
  return document.querySelector('[aria-modal="true"]') !== null;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
