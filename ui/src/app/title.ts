/** The title of the browser's tab: the page's sentence. */
import { useEffect } from 'react';

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Plimsoll`;
  }, [title]);
}
