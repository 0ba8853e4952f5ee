import { MantineProvider } from '@mantine/core';
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { fireEvent, render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';
import { later } from '../parts/later';
import { Broken } from './Broken';
import { lazyRouteComponent } from './lazily';

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined));

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

/** A part whose code comes only once it is there. */
function part() {
  const state = { there: false };
  const Part = later<{ onClose?: () => void }>(() =>
    state.there ? Promise.resolve(() => <p>The part</p>) : gone(),
  );
  const draw = (drawn: ReactNode) => (
    <MantineProvider env="test">
      <p>The page</p>
      {drawn}
    </MantineProvider>
  );
  return { state, Part, draw };
}

test('a part that does not load leaves the page around it, and is tried again in its place', async () => {
  const { state, Part, draw } = part();
  render(draw(<Part />));
  expect((await screen.findByRole('alert')).textContent).toContain('did not load');
  expect(screen.getByText('The page')).toBeTruthy();
  state.there = true;
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('The part')).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
});

test('one that did not load is loaded when it is opened anew', async () => {
  const { state, Part, draw } = part();
  const { rerender } = render(draw(<Part />));
  await screen.findByRole('alert');
  rerender(draw(null));
  state.there = true;
  rerender(draw(<Part />));
  expect(await screen.findByText('The part')).toBeTruthy();
});

test('one that would have stood over the page can be closed, and leaves what stood before it', async () => {
  const { Part, draw } = part();
  const closed = vi.fn();
  render(draw(<Part meanwhile={<p>The button</p>} onClose={closed} />));
  await screen.findByRole('alert');
  expect(screen.getByText('The button')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  expect(closed).toHaveBeenCalled();
});
