import { expect, test } from 'vitest';
import { noneSentence } from './Choice';

test.each([
  [undefined, 'Nothing is called that'],
  [{ isPending: true, isError: false }, 'Reading the names…'],
  [{ isPending: false, isError: true }, 'The names could not be read'],
  [{ isPending: false, isError: true, data: [] }, 'Nothing known of before is called that'],
])('%#: what is offered of none, %s', (asked, says) => expect(noneSentence(asked)).toBe(says));
