/** What a sender may do, each with what it permits and the address it sends to. */
export const SCOPES: [scope: string, says: string][] = [
  ['record_deployment', 'Record deployments.'],
  ['decide_release', 'Ask gates whether something may go out.'],
];

const ROUTES: Record<string, string> = {
  record_deployment: '/api/v1/deployments',
  decide_release: '/api/v1/gates/check',
};

/** Where a sender sends what its scopes permit. */
export function addresses({ id, scopes }: { id: string; scopes: string[] }): string[] {
  return scopes.flatMap((scope) => {
    const route = ROUTES[scope];
    return route === undefined ? [] : [`${location.origin}${route}?webhook=${id}`];
  });
}
