/// The build: static files in dist/, no inline script, so that a strict CSP holds. In development
/// the API is taken from the server at PLIMSOLL_URL.
import react from '@vitejs/plugin-react';
import { loadEnv } from 'vite';
import { defineConfig } from 'vitest/config';
import { groups } from './scripts/chunks.ts';
import { preload } from './scripts/preload.ts';

export default defineConfig(({ mode }) => ({
  plugins: [react(), preload('/src/start.tsx')],
  build: {
    outDir: 'dist',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      // The app starts once what runs first has it do so; all that it imports is one file.
      input: ['index.html', 'src/start.tsx'],
      output: { codeSplitting: { groups } },
    },
    // The app is one file on purpose: `npm run size` keeps the limit.
    chunkSizeWarningLimit: 600,
  },
  server: {
    fs: { allow: ['..'] },
    proxy: {
      '/api': loadEnv(mode, '.', 'PLIMSOLL_')['PLIMSOLL_URL'] ?? 'http://127.0.0.1:8010',
    },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test/setup.ts'],
    env: { TZ: 'UTC' },
    testTimeout: 60_000,
  },
}));
