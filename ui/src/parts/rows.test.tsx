import { act, render, screen } from '@testing-library/react';
import { useRef } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { useTop } from './rows';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function List() {
  const box = useRef<HTMLDivElement>(null);
  return <div ref={box}>at {useTop(box)}</div>;
}

test('where a list begins is known although the page above it grows', () => {
  const heard: (() => void)[] = [];
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(hear: () => void) {
        heard.push(hear);
      }
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  const top = vi.spyOn(HTMLElement.prototype, 'offsetTop', 'get').mockReturnValue(120);
  render(<List />);
  expect(screen.getByText('at 120')).toBeTruthy();
  top.mockReturnValue(300);
  act(() => heard.forEach((hear) => hear()));
  expect(screen.getByText('at 300')).toBeTruthy();
});
