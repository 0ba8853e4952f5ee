import { expect, test } from 'vitest';
import { HANDBOOK, handbookText } from './pages';

const SOURCES = import.meta.glob<string>('../**/*.tsx', {
  query: '?raw',
  import: 'default',
  eager: true,
});

test('every page of the app names a page of the handbook that is there, and has a text', async () => {
  const named = Object.values(SOURCES).flatMap((source) =>
    [...source.matchAll(/\bhelp="([\w-]+)"/g)].map(([, page]) => page),
  );
  expect(named.length).toBeGreaterThan(15);
  const there = HANDBOOK.map(({ page }) => page);
  expect(named.filter((page) => !there.includes(page ?? ''))).toEqual([]);
  for (const page of there) expect(await handbookText(page), page).toMatch(/^# /);
});

test('links within the handbook lead to pages that are there', async () => {
  const there = HANDBOOK.map(({ page }) => page);
  for (const page of there) {
    const text = (await handbookText(page)) ?? '';
    const links = [...text.matchAll(/\]\(\/handbook\/([\w-]+)\)/g)].map(([, to]) => to ?? '');
    expect(links.filter((to) => !there.includes(to))).toEqual([]);
  }
});
