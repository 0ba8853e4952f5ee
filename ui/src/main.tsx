/** Starts the app. */
import './app/styles';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { queryClient } from './app/queries';
import { makeRouter } from './app/router';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has a root');
createRoot(root).render(
  <StrictMode>
    <App queries={queryClient()} router={makeRouter()} />
  </StrictMode>,
);
