/**
 * An instant as the time that has passed, with the exact one in both zones on hover; or as a time
 * of day where that is what people say to each other.
 */
import { Tooltip } from '@mantine/core';
import { bothZones, relative } from '../app/format';
import { useNow } from '../app/now';
import { moment } from '../app/words';

export function Ago({ at, exact = false }: { at: string; exact?: boolean }) {
  const now = useNow();
  return (
    <Tooltip label={bothZones(at)} withArrow>
      <time dateTime={at} style={{ whiteSpace: 'nowrap' }}>
        {exact ? moment(at, now) : relative(at, now)}
      </time>
    </Tooltip>
  );
}
