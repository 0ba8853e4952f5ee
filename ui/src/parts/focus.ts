/**
 * Where the focus goes when what was opened is closed: back to what opened it. The dialogs and menus
 * here are drawn open, and so do not find that by themselves.
 */
import { useEffect, useRef, useState } from 'react';

/** For what is drawn only while it is open: gives the focus back to what had it before. */
export function useFocusBack(): void {
  const [before] = useState(() => document.activeElement);
  const closed = useRef(false);
  useEffect(() => {
    closed.current = false;
    return () => {
      closed.current = true;
      setTimeout(() => closed.current && focusAgain(before));
    };
  }, [before]);
}

/** For a menu: what opens it, and what gives the focus back to that. */
export function useMenuFocus() {
  const target = useRef<HTMLButtonElement>(null);
  return { target, onClose: () => target.current?.focus() };
}

/** What is gone meanwhile leaves the focus to the page's content. */
function focusAgain(before: Element | null): void {
  if (before === document.body || !(before instanceof HTMLElement)) return;
  const to = before.isConnected ? before : document.getElementById('main');
  to?.focus({ preventScroll: true });
}
