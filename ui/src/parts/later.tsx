/** What a reader may never open is loaded when they do. */
import {
  createContext,
  lazy,
  Suspense,
  useContext,
  useState,
  type ComponentType,
  type JSX,
  type LazyExoticComponent,
  type ReactNode,
} from 'react';
import { notLoaded } from '../app/lazily';
import { Problem } from './Problem';

interface Around {
  /** What stands until the component is there. */
  meanwhile?: ReactNode;
  /** What closes it, where it stands over the page. */
  onClose?: () => void;
}

type Loading<Props> = LazyExoticComponent<ComponentType<Props>>;

/**
 * A component that is loaded when it is first drawn. One that does not come says so and leaves the
 * page around it alone: in its place, or, where it would have stood over the page, over the page.
 * It is tried again when the reader says so, or opens it anew.
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): (props: Props & Around) => ReactNode {
  const begin = (): Loading<Props> =>
    lazy(() =>
      load().then(
        (component) => ({ default: component }),
        (cause: unknown) => {
          latest = begin();
          return { default: missing(cause) as ComponentType<Props> };
        },
      ),
    );
  let latest = begin();
  return function Later({ meanwhile = null, ...props }: Props & Around) {
    const [Loaded, setLoaded] = useState(() => latest);
    const retry = () => setLoaded(() => latest);
    return (
      <MissedContext value={{ meanwhile, onClose: props.onClose, retry }}>
        <Suspense fallback={meanwhile}>
          <Loaded {...(props as unknown as Props & JSX.IntrinsicAttributes)} />
        </Suspense>
      </MissedContext>
    );
  };
}

interface Missed {
  meanwhile: ReactNode;
  onClose: (() => void) | undefined;
  retry: () => void;
}

/** How whoever wanted a component goes on without it. */
const MissedContext = createContext<Missed>({
  meanwhile: null,
  onClose: undefined,
  retry: () => undefined,
});

/** What stands where a component did not come. */
function missing(cause: unknown): ComponentType {
  const error = notLoaded(cause);
  return function Missing() {
    const { meanwhile, onClose, retry } = useContext(MissedContext);
    const said = { error, what: 'What was asked for', retry };
    if (onClose === undefined) return <Problem {...said} />;
    return (
      <>
        {meanwhile}
        <div className="over-page">
          <Problem {...said} onClose={onClose} />
        </div>
      </>
    );
  };
}
