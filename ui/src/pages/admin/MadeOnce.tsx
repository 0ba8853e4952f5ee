/** A dialog that asks, and then shows what was made, this once: it is not closed by a slip. */
import type { ReactNode } from 'react';
import { Dialog } from '../../parts/Dialog';
import { ONCE } from '../../parts/Secret';

interface Props<T> {
  /** What it asks. */
  title: string;
  made: T | undefined;
  shown: (made: T) => ReactNode;
  onClose: () => void;
  /** The form. */
  children: ReactNode;
}

export function MadeOnce<T>({ title, made, shown, onClose, children }: Props<T>) {
  return (
    <Dialog title={made === undefined ? title : ONCE} onClose={onClose} once={made !== undefined}>
      {made === undefined ? children : shown(made)}
    </Dialog>
  );
}
