/** Where a service stands: as its gravest SLO. */
import { Stack, Text } from '@mantine/core';
import type { Service } from '../api/types';
import { usePhone } from '../app/screen';
import { State, Status } from './Status';

export function ServiceState({ service }: { service: Service }) {
  const phone = usePhone();
  if (service.slos.length === 0) {
    return (
      <Text inherit c="dimmed" style={{ whiteSpace: 'nowrap' }}>
        No SLO
      </Text>
    );
  }
  return (
    <Stack gap={2} align={phone ? 'flex-end' : 'flex-start'}>
      {(service.firing ?? 0) > 0 && <State code="firing" />}
      <Status status={service.status ?? 'unknown'} />
    </Stack>
  );
}
