import { MantineProvider } from '@mantine/core';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SearchBox } from './SearchBox';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start() {
  const told: string[] = [];
  const box = (typed: string) => (
    <MantineProvider env="test">
      <SearchBox label="Search" typed={typed} onType={(text) => told.push(text)} />
    </MantineProvider>
  );
  const { rerender } = render(box(''));
  const input = screen.getByLabelText('Search') as HTMLInputElement;
  return {
    told,
    input,
    type: (value: string) => fireEvent.change(input, { target: { value } }),
    wait: () => act(() => vi.advanceTimersByTime(200)),
    address: (typed: string) => rerender(box(typed)),
  };
}

test('what is typed while the address takes up the letters before is not lost', () => {
  const { told, input, type, wait, address } = start();
  type('ab');
  wait();
  type('abc');
  address('ab');
  expect(input.value).toBe('abc');
  wait();
  expect(told).toEqual(['ab', 'abc']);
});

test('an address that changes by itself changes the box', () => {
  const { input, type, wait, address } = start();
  type('ab');
  wait();
  address('ab');
  address('');
  expect(input.value).toBe('');
});
