/** What came in since the process started. */
import { useQuery } from '@tanstack/react-query';
import { client, take } from './client';

export function useTelemetry() {
  return useQuery({
    queryKey: ['telemetry'],
    queryFn: ({ signal }) => take(client.GET('/api/v1/telemetry', { signal })),
    refetchInterval: 10_000,
  });
}
