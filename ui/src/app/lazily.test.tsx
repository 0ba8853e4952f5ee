import { MantineProvider } from '@mantine/core';
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { later } from '../parts/later';
import { Broken } from './Broken';
import { lazyRouteComponent } from './lazily';

const gone = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module: x'));

test('a page that does not load says so, and is tried again', async () => {
  let there = false;
  const load = () => (there ? Promise.resolve({ Page: () => <p>The page</p> }) : gone());
  const root = createRootRoute();
  const page = createRoute({
    getParentRoute: () => root,
    path: '/',
    component: lazyRouteComponent(load, 'Page'),
  });
  const router = createRouter({
    routeTree: root.addChildren([page]),
    history: createMemoryHistory(),
    defaultErrorComponent: Broken,
  });
  render(
    <MantineProvider env="test">
      <RouterProvider router={router as never} />
    </MantineProvider>,
  );
  expect((await screen.findByRole('alert')).textContent).toContain('did not load');
  there = true;
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('The page')).toBeTruthy();
});

test('a part that does not load leaves the page around it', async () => {
  const Part = later<object>(gone);
  render(
    <MantineProvider env="test">
      <p>The page</p>
      <Part />
    </MantineProvider>,
  );
  expect((await screen.findByRole('alert')).textContent).toContain('did not load');
  expect(screen.getByText('The page')).toBeTruthy();
});
