/**
 * What time it is, by the server's clock: a reader's clock may be wrong, and "3 minutes ago" must
 * not be.
 */
import { useEffect, useState } from 'react';

let offsetMs = 0;

/**
 * Takes the `Date` header of an answer that arrived then, by the reader's clock; within two seconds
 * that clock is good enough.
 */
export function hearServerTime(date: string | null, arrivedAt = Date.now()): void {
  const heard = date === null ? NaN : Date.parse(date);
  if (Number.isNaN(heard)) return;
  const offset = heard - arrivedAt;
  offsetMs = Math.abs(offset) > 2000 ? offset : 0;
}

/** Now, in milliseconds. */
export function now(): number {
  return Date.now() + offsetMs;
}

/** Now, told again every few seconds. */
export function useNow(everyMs = 5000): number {
  const [instant, setInstant] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setInstant(now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return instant;
}
