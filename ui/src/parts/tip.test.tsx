import { MantineProvider } from '@mantine/core';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { expect, onTestFinished, test, vi } from 'vitest';
import { useTip } from './tip';

function Word({ says }: { says: () => string }) {
  const { over, said } = useTip(says);
  return (
    <>
      <span {...over}>a word</span>
      {said}
    </>
  );
}

function show() {
  const says = vi.fn(() => 'what it means');
  render(
    <MantineProvider env="test">
      <Word says={says} />
    </MantineProvider>,
  );
  return says;
}

test('it is said while a pointer rests on the thing, and made no sooner', async () => {
  const says = show();
  expect(says).not.toHaveBeenCalled();
  fireEvent.pointerEnter(screen.getByText('a word'));
  expect((await screen.findByRole('tooltip')).textContent).toContain('what it means');
  fireEvent.pointerLeave(screen.getByText('a word'));
  expect(screen.queryByRole('tooltip')).toBeNull();
});

test('a pointer that passes by is told nothing', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const says = show();
  fireEvent.pointerEnter(screen.getByText('a word'));
  fireEvent.pointerLeave(screen.getByText('a word'));
  act(() => void vi.runAllTimers());
  expect(says).not.toHaveBeenCalled();
});
