/**
 * Rows of which only those near the screen exist, with j and k to walk them, and a word when the
 * reader comes near the end of what was read.
 */
import { useWindowVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import {
  useDeferredValue,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type RefObject,
} from 'react';
import { usePageKeys } from '../app/chords';

/** How many rows before the end more are read. */
const NEAR = 20;
/** How many rows beyond the screen exist: at first next to none, so that those on it come sooner. */
const BEYOND = 12;
const BEYOND_AT_FIRST = 1;

export interface Windowed {
  box: RefObject<HTMLDivElement | null>;
  shown: VirtualItem[];
  measure: (row: Element | null) => void;
  /** The height of what lies before and after the rows shown. */
  before: number;
  after: number;
}

export function useRows(count: number, height: number, onNearEnd?: () => void): Windowed {
  const box = useRef<HTMLDivElement>(null);
  const top = useTop(box);
  const overscan = useDeferredValue(BEYOND, BEYOND_AT_FIRST);
  const rows = useWindowVirtualizer({
    count,
    estimateSize: () => height,
    overscan,
    scrollMargin: top,
    initialRect: { width: window.innerWidth, height: window.innerHeight },
  });
  useRowKeys(count, box, (index) => rows.scrollToIndex(index));
  const shown = rows.getVirtualItems();
  const last = shown.at(-1);
  const near = last !== undefined && last.index >= count - NEAR;
  useEffect(() => {
    if (near) onNearEnd?.();
  });
  return {
    box,
    shown,
    measure: rows.measureElement,
    before: (shown[0]?.start ?? top) - top,
    after: rows.getTotalSize() - ((last?.end ?? top) - top),
  };
}

/** How far down the page something begins; what stands above it may grow and shrink. */
export function useTop(box: RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = () => setTop(box.current?.offsetTop ?? 0);
    measure();
    const page = new ResizeObserver(measure);
    page.observe(document.body);
    return () => page.disconnect();
  }, [box]);
  return top;
}

/** j and k from row to row; a row that is still on its way to the screen counts as reached. */
function useRowKeys(
  count: number,
  box: RefObject<HTMLDivElement | null>,
  bring: (index: number) => void,
): void {
  const heading = useRef<number | null>(null);
  const arrive = () => {
    const index = heading.current;
    heading.current = null;
    box.current?.querySelector<HTMLElement>(`[data-index="${index}"] [data-row-link]`)?.focus();
  };
  const step = (by: number) => {
    if (count === 0) return;
    if (heading.current === null) requestAnimationFrame(arrive);
    const at = heading.current ?? focusedRow(box.current);
    heading.current = Math.min(count - 1, Math.max(0, at + by));
    bring(heading.current);
  };
  usePageKeys([
    ['j', () => step(1)],
    ['k', () => step(-1)],
  ]);
}

/** The index of the row that has the focus; −1 when none has. */
function focusedRow(box: HTMLElement | null): number {
  const row = document.activeElement?.closest('[data-index]');
  return row && box?.contains(row) ? Number(row.getAttribute('data-index')) : -1;
}
