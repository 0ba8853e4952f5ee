import { MantineProvider } from '@mantine/core';
import { render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { HOSTILE } from '../test/samples';
import { Said } from './Said';

const shown = (text: string) =>
  render(
    <MantineProvider env="test">
      <p>
        <Said text={text} />
      </p>
    </MantineProvider>,
  ).container.querySelector('p') as HTMLElement;

test('what stands in backticks is code, and everything is text', () => {
  const line = shown(`Has \`code\`, and \`${HOSTILE}\` as text.`);
  expect([...line.querySelectorAll('code')].map((code) => code.textContent)).toEqual([
    'code',
    HOSTILE,
  ]);
  expect(line.textContent).toBe(`Has code, and ${HOSTILE} as text.`);
  expect(line.querySelector('img')).toBeNull();
});

test.each(['a lone ` stays', 'none at all', '``'])('%s', (text) =>
  expect(shown(text).textContent).toBe(text),
);
