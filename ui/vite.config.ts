/// The build: static files in dist/, no inline script, so that a strict CSP holds. In development
/// the API is taken from the server at PLIMSOLL_URL.
import react from '@vitejs/plugin-react';
import { loadEnv } from 'vite';
import { defineConfig } from 'vitest/config';

export default defineConfig(({ mode }) => ({
  plugins: [react()],
  build: {
    outDir: 'dist',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
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
