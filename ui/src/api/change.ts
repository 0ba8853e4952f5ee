/** Changes: what they make old is asked for again before they count as done. */
import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';

/** A change whose answer is forgotten as soon as nobody shows it: it may hold a secret. */
export function useChange<Body, Data>(makesOld: QueryKey[], change: (body: Body) => Promise<Data>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () =>
      Promise.all(makesOld.map((queryKey) => queries.invalidateQueries({ queryKey }))),
    gcTime: 0,
  });
}
