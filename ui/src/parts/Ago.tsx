/**
 * An instant as the time that has passed, with the exact one in both zones on hover; or as a time
 * of day where that is what people say to each other.
 */
import { bothZones, relative } from '../app/format';
import { useNow } from '../app/now';
import { moment } from '../app/words';
import { useTip } from './tip';

export function Ago({ at, exact = false }: { at: string; exact?: boolean }) {
  const now = useNow();
  const { over, said } = useTip(() => bothZones(at));
  return (
    <>
      <time dateTime={at} style={{ whiteSpace: 'nowrap' }} {...over}>
        {exact ? moment(at, now) : relative(at, now)}
      </time>
      {said}
    </>
  );
}
