import { MantineProvider } from '@mantine/core';
import { fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { Copy } from './Copy';

afterEach(() => vi.unstubAllGlobals());

function start(clipboard: object) {
  vi.stubGlobal('navigator', clipboard);
  render(
    <MantineProvider env="test">
      <Copy text="plim_secret" label="Copy the token" />
    </MantineProvider>,
  );
  fireEvent.click(screen.getByRole('button', { name: 'Copy the token' }));
}

test('what was copied is said', async () => {
  const writeText = vi.fn(() => Promise.resolve());
  start({ clipboard: { writeText } });
  expect(await screen.findByText('Copied')).toBeTruthy();
  expect(writeText).toHaveBeenCalledWith('plim_secret');
});

test('where no page may copy, it is said, too', async () => {
  start({});
  expect(await screen.findByText(/^Nothing was copied/)).toBeTruthy();
});
