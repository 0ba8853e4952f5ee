import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { HANDBOOK, handbookText } from '../pages/handbook/pages';
import { open } from '../test/app';
import { HOSTILE } from '../test/samples';
import { render } from '@testing-library/react';
import { MantineProvider } from '@mantine/core';
import { Markdown } from './Markdown';

test('HTML in Markdown is text, pictures are left out, and links lead nowhere odd', () => {
  const { container } = render(
    <MantineProvider env="test">
      <Markdown
        text={`# Title\n\n${HOSTILE}\n\n![x](http://127.0.0.1/x.png) [run](javascript:alert(1)) [data](data:text/html,x) [web](https://example.org/)\n\n\`\`\`\nplimsoll init\n\`\`\``}
      />
    </MantineProvider>,
  );
  expect(container.querySelectorAll('img, script, iframe')).toHaveLength(0);
  expect(container.textContent).toContain('<img src=x onerror=');
  const links = [...container.querySelectorAll('a')].map((link) => link.getAttribute('href'));
  expect(links).toEqual(['https://example.org/']);
  expect(container.querySelector('pre')?.textContent).toContain('plimsoll init');
});

test('every page of the handbook is there, and begins with its title', async () => {
  for (const { page } of HANDBOOK) {
    const text = await handbookText(page);
    expect(text, page).toMatch(/^# \S/);
  }
  expect(await handbookText('nothing')).toBeNull();
});

test('links between pages of the handbook lead to pages', async () => {
  const known = HANDBOOK.map(({ page }) => `/handbook/${page}`);
  for (const { page } of HANDBOOK) {
    const text = (await handbookText(page)) ?? '';
    const links = [...text.matchAll(/\]\((\/handbook\/[^)]*)\)/g)].map((found) => found[1]);
    expect(links.filter((link) => !known.includes(link ?? ''))).toEqual([]);
  }
});

test('the handbook opens in the app', async () => {
  open('/handbook/alerts', {});
  expect(await screen.findByRole('heading', { level: 1, name: 'Alerts' })).toBeTruthy();
  open('/handbook/none', {});
  expect(
    await screen.findByRole('heading', { name: 'The handbook has no such page' }),
  ).toBeTruthy();
});
