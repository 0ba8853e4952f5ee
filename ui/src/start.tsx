/** Starts the app, at once with what is known by then. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { queryClient } from './app/queries';
import { makeRouter } from './app/router';
import { seed } from './app/seed';

async function start(): Promise<void> {
  const queries = queryClient();
  const router = makeRouter();
  // Nothing would be shown before all three are there, so nothing is drawn before.
  await Promise.all([router.load(), seed(queries), parsed()]);
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has a root');
  createRoot(root).render(
    <StrictMode>
      <App queries={queries} router={router} />
    </StrictMode>,
  );
}

/** The first code is asked to run as soon as it is there, be the page read or not. */
function parsed(): Promise<void> {
  if (document.readyState !== 'loading') return Promise.resolve();
  return new Promise((resolve) =>
    document.addEventListener('DOMContentLoaded', () => resolve(), { once: true }),
  );
}

void start();
