/** The app: theme, queries and router around the pages. */
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { makeRouter } from './router';
import { theme } from './theme';

export function App({
  queries,
  router,
}: {
  queries: QueryClient;
  router: ReturnType<typeof makeRouter>;
}) {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      env={import.meta.env.MODE === 'test' ? 'test' : 'default'}
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
