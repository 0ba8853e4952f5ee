import { expect, test } from 'vitest';
import { command, flags, word } from './command';

test.each([
  ['checkout-latency', 'checkout-latency'],
  ['2026-11-20T12:00:00Z', '2026-11-20T12:00:00Z'],
  ['sha256:abcd', 'sha256:abcd'],
  ['team shop', "'team shop'"],
  ['$(reboot)', "'$(reboot)'"],
  ['a`b`', "'a`b`'"],
  ["it's", "'it'\\''s'"],
  ['', "''"],
])('%s is the word %s', (text, said) => expect(word(text)).toBe(said));

test('values of a command are words, and its own text is not', () => {
  expect(command`plimsoll get slo ${'a; b'} --at ${'now'}`).toBe(
    "plimsoll get slo 'a; b' --at now",
  );
  expect(command`plimsoll doctor`).toBe('plimsoll doctor');
});

test('flags that are not set are left out', () => {
  expect(flags({ actor: undefined, subject: 'team shop' })).toBe(" --subject 'team shop'");
});
