/** What went out. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client, take } from './client';
import type { ReleaseFilters } from './decisions';
import { from as after, useListing, wanted } from './pages';

const PAGE_SIZE = 100;

/** More are not read at a time; the API gives no more. */
export const SPAN_MAX = 500;

/** The latest deployments of a service, newest first. */
export function useDeployments(service: string) {
  return useQuery({
    queryKey: ['deployments', service],
    queryFn: ({ signal }) => listed({ service }, signal),
    placeholderData: keepPreviousData,
  });
}

/** The deployments of a service in a span, newest first, at most `SPAN_MAX`. */
export function useDeploymentsIn(service: string, { from, to }: { from: string; to: string }) {
  return useQuery({
    queryKey: ['deployments', service, from, to],
    queryFn: ({ signal }) => listed({ service, from, to }, signal, SPAN_MAX),
    placeholderData: keepPreviousData,
  });
}

/** The deployments of several services in a span, newest first. */
export function useDeploymentsOf(services: string[], span: { from: string; to: string }) {
  return useQuery({
    queryKey: ['deployments', null, services, span.from, span.to],
    queryFn: async ({ signal }) => {
      const all = await Promise.all(
        services.map((service) => listed({ service, ...span }, signal)),
      );
      return all.flat().toSorted((a, b) => b.deployed_at.localeCompare(a.deployed_at));
    },
    placeholderData: keepPreviousData,
  });
}

/** The latest deployments that fit, newest first. */
export function useLatestDeployments(filters: ReleaseFilters, limit: number, enabled = true) {
  return useQuery({
    queryKey: ['deployments', filters.service, filters.environment, limit, 'latest'],
    queryFn: ({ signal }) => listed({ ...filters }, signal, limit),
    placeholderData: keepPreviousData,
    enabled,
  });
}

/** Deployments that fit, newest first, a page at a time. */
export function useDeploymentPages(filters: ReleaseFilters, enabled = true) {
  return useListing(
    ['deployments', filters.service, 'pages', filters.environment],
    (cursor, signal) => {
      const query = { ...wanted(filters), limit: PAGE_SIZE, ...after(cursor) };
      return take(client.GET('/api/v1/deployments', { params: { query }, signal }));
    },
    { enabled },
  );
}

export function useDeployment(id: string) {
  return useQuery({
    queryKey: ['deployments', null, 'one', id],
    queryFn: ({ signal }) =>
      take(client.GET('/api/v1/deployments/{id}', { params: { path: { id } }, signal })),
  });
}

async function listed(filters: object, signal: AbortSignal, limit = PAGE_SIZE) {
  const query = { ...wanted(filters), limit };
  const page = await take(client.GET('/api/v1/deployments', { params: { query }, signal }));
  return page.items.toSorted((a, b) => b.deployed_at.localeCompare(a.deployed_at));
}
