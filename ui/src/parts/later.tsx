/** What a reader may never open is loaded when they do. */
import { lazy, Suspense, type ComponentType, type JSX, type ReactNode } from 'react';
import { NOT_LOADED } from '../app/lazily';
import { Problem } from './Problem';

/**
 * A component that is loaded when it is first drawn; until it is there, `meanwhile` stands. One that
 * does not come says so in its place, and leaves the page around it alone.
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): (props: Props & { meanwhile?: ReactNode }) => ReactNode {
  const Loaded = lazy(() =>
    load()
      .catch(() => Missing)
      .then((component) => ({ default: component as ComponentType<Props> })),
  );
  return ({ meanwhile = null, ...props }) => (
    <Suspense fallback={meanwhile}>
      <Loaded {...(props as Props & JSX.IntrinsicAttributes)} />
    </Suspense>
  );
}

function Missing() {
  return <Problem error={NOT_LOADED} what="What was asked for" retry={() => location.reload()} />;
}
