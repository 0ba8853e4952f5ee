/** An instant as the time that has passed, with the exact one in both zones on hover. */
import { Tooltip } from '@mantine/core';
import { bothZones, relative } from '../app/format';
import { useNow } from '../app/now';

export function Ago({ at }: { at: string }) {
  const now = useNow();
  return (
    <Tooltip label={bothZones(at)} withArrow>
      <time dateTime={at} style={{ whiteSpace: 'nowrap' }}>
        {relative(at, now)}
      </time>
    </Tooltip>
  );
}
