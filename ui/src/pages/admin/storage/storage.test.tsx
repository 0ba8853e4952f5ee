import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Storage } from '../../../api/types';
import { open, Refused } from '../../../test/app';
import { spaces } from '../../../test/spaces';
import { reserveSays, storageSentence } from './words';

const GIB = 2 ** 30;
const DISK = {
  bytes: 100 * GIB,
  free_bytes: 40 * GIB,
  telemetry_needs_bytes: GIB,
  takes_telemetry: true,
};

function storage(change: Partial<Storage> = {}): Storage {
  return {
    data: '/var/lib/plimsoll',
    disk: DISK,
    reserve: { bytes: 8 * 2 ** 20, state: 'held' },
    records: { store: 'sqlite', bytes: 3 * 2 ** 20 },
    tallies: {
      log: { count: 1, bytes: 2048 },
      checkpoints: { count: 2, bytes: 4096 },
      segments: { count: 0, bytes: 0 },
      series: 12,
      unreadable: 0,
      checkpoints_failed: 0,
    },
    retention: { minutes_days: 100, hours_days: 1830 },
    ...change,
  };
}

test.each([
  [storage(), '40 GiB of 100 GiB are free, and telemetry is taken in'],
  [
    storage({ disk: { ...DISK, free_bytes: GIB / 2, takes_telemetry: false } }),
    'Telemetry is refused until 1 GiB are free: it is 512 MiB now',
  ],
  [
    storage({ reserve: { bytes: 8 * 2 ** 20, state: 'given_up' } }),
    '40 GiB of 100 GiB are free, and what was held back is given up',
  ],
  [storage({ disk: null }), 'The disk cannot be asked how much is free'],
])('%#: %s', (kept, sentence) => expect(spaces(storageSentence(kept))).toBe(sentence));

test('what is held back says what for, and when it is not', () => {
  expect(spaces(reserveSays(storage()))).toContain('8 MiB, so that alerts');
  expect(reserveSays(storage({ reserve: { bytes: 1, state: 'ample' } }))).toContain('ample room');
  expect(reserveSays(storage({ reserve: { bytes: 1, state: 'given_up' } }))).toContain('given up');
  expect(reserveSays(storage({ reserve: { bytes: 0, state: 'none' } }))).toContain('asks for none');
});

test('what is kept, the room it takes and for how long stand on the page', async () => {
  open('/admin/storage', { '/api/v1/storage': storage() });
  const bar = await screen.findByRole('img', { name: /are used/ });
  expect(spaces(bar.getAttribute('aria-label'))).toBe(
    '60 % of 100 GiB are used; telemetry is refused from 99 % on',
  );
  const kept = screen.getByRole('table', { name: 'What it keeps' });
  expect(spaces(kept.textContent)).toContain('4 KiB in 2 files');
  expect(screen.getByText('100 days')).toBeTruthy();
});

test('records in Postgres have no size here, and trouble is counted', async () => {
  const tallies = { ...storage().tallies, unreadable: 3 };
  open('/admin/storage', {
    '/api/v1/storage': storage({ records: { store: 'postgres', bytes: null }, tallies }),
  });
  expect(await screen.findByText('the database knows')).toBeTruthy();
  expect(screen.getByText(/could not be read/)).toBeTruthy();
});

test('what cannot be read says what still works', async () => {
  open('/admin/storage', { '/api/v1/storage': new Refused(500, 'internal', 'something broke') });
  expect((await screen.findByRole('alert')).textContent).toContain('kept without this page');
});
