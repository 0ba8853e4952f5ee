import { fireEvent, screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Import } from '../../api/types';
import { open, Refused } from '../../test/app';
import { HOSTILE } from '../../test/samples';

const PATH = 'POST /api/v1/definitions/import';

const FOUND: Import = {
  yaml: 'apiVersion: openslo/v1\nkind: SLO\n',
  notes: [
    {
      outcome: 'kept',
      file: 'pasted',
      line: 4,
      column: 5,
      message: '`a` is the SLO `b-a`',
      hint: null,
    },
    {
      outcome: 'refused',
      file: 'pasted',
      line: 12,
      column: 9,
      message: `\`${HOSTILE}\` is not read`,
      hint: 'write its queries out',
    },
  ],
};

async function paste(answer: Import | Refused) {
  const asked = open('/import', { [PATH]: answer });
  fireEvent.change(await screen.findByLabelText('YAML'), { target: { value: 'version: x' } });
  fireEvent.change(screen.getByLabelText('Service'), { target: { value: 'books' } });
  fireEvent.click(screen.getByRole('button', { name: 'Read them' }));
  return asked;
}

test('what became of each is told by line, and the definitions are there to be taken', async () => {
  await paste(FOUND);
  expect(await screen.findByText('1 kept, 0 changed, 1 refused.')).toBeTruthy();
  const notes = within(screen.getByRole('region', { name: 'What became of it' }));
  const told = notes.getAllByRole('listitem').map((item) => item.textContent);
  expect(told[0]).toMatch(/^line 4.*kept.*a is the SLO b-a/);
  expect(told[1]).toMatch(/^line 12.*refused.*<script>.*Write its queries out/);
  expect(screen.getByRole('region', { name: 'The definitions' }).textContent).toContain(
    'kind: SLO',
  );
  expect(screen.getByRole('button', { name: 'Copy the definitions' })).toBeTruthy();
});

test('where nothing could be read there is nothing to take', async () => {
  await paste({ yaml: '', notes: FOUND.notes.slice(1) });
  expect(await screen.findByText('0 kept, 0 changed, 1 refused.')).toBeTruthy();
  expect(screen.queryByRole('region', { name: 'As definitions' })).toBeNull();
});

test('why it could not be asked stands at the form', async () => {
  await paste(new Refused(422, 'invalid_import', '`5m` is not a window from 1h to 366d'));
  expect((await screen.findByRole('alert')).textContent).toContain('5m is not a window');
});
