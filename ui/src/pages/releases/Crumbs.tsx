/** Where a deployment or a decision belongs: the list it is of, and its service once that is known. */
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { AppLink } from '../../parts/AppLink';
import { Slash } from '../../parts/Page';

interface Props {
  /** The link to the list. */
  list: ReactNode;
  id: string;
  service: string | undefined;
}

export function Crumbs({ list, id, service }: Props) {
  return (
    <>
      {list}
      <Slash />
      {service === undefined ? (
        <Text inherit>{id}</Text>
      ) : (
        <AppLink to="/services/$name" params={{ name: service }} inherit>
          {service}
        </AppLink>
      )}
    </>
  );
}
