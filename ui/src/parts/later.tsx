/** What a reader may never open is loaded when they do. */
import { lazy, Suspense, type ComponentType, type JSX, type ReactNode } from 'react';

/** A component that is loaded when it is first drawn; until it is there, `meanwhile` stands. */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): (props: Props & { meanwhile?: ReactNode }) => ReactNode {
  const Loaded = lazy(() => load().then((component) => ({ default: component })));
  return ({ meanwhile = null, ...props }) => (
    <Suspense fallback={meanwhile}>
      <Loaded {...(props as Props & JSX.IntrinsicAttributes)} />
    </Suspense>
  );
}
