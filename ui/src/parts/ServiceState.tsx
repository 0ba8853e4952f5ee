/** Where a service stands: as its gravest SLO. */
import { Flex, Text } from '@mantine/core';
import type { Service } from '../api/types';
import { usePhone } from '../app/screen';
import { State, Status } from './Status';

interface Props {
  service: Service;
  /** Side by side, where there is a line for it. */
  inline?: boolean;
}

export function ServiceState({ service, inline = false }: Props) {
  const phone = usePhone();
  if (service.slos.length === 0) {
    return (
      <Text inherit c="dimmed" style={{ whiteSpace: 'nowrap' }}>
        No SLO
      </Text>
    );
  }
  return (
    <Flex
      columnGap="sm"
      rowGap={2}
      direction={inline ? 'row' : 'column'}
      align={inline ? 'center' : phone ? 'flex-end' : 'flex-start'}
    >
      {(service.firing ?? 0) > 0 && <State code="firing" />}
      <Status status={service.status ?? 'unknown'} />
    </Flex>
  );
}
