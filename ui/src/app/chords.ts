/** Keys that follow a g: each goes to a place. */
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { PLACES } from './places';

/** How long the second key may take. */
const PATIENCE_MS = 1500;

export function useChords(): void {
  const navigate = useNavigate();
  useEffect(() => {
    let begunAt = -Infinity;
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
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

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
