import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { open, page } from '../test/app';
import { notification } from '../test/samples';

const INBOX = 'http://127.0.0.1:8025/';

test('a message that went by mail leads to the inbox that the configuration names', async () => {
  open('/admin/notifications', {
    '/api/v1/notifications': page(
      notification({ channel: 'email', inbox_url: INBOX }),
      notification({ id: 'ntf_2', channel: 'webhook' }),
      notification({ id: 'ntf_3', channel: 'email', inbox_url: INBOX, state: 'pending' }),
    ),
  });
  const links = await screen.findAllByRole('link', { name: 'in the inbox' });
  expect(links.map((link) => link.getAttribute('href'))).toEqual([INBOX]);
  expect(links[0]?.getAttribute('rel')).toContain('noopener');
});

test('without one there is no such link', async () => {
  open('/admin/notifications', {
    '/api/v1/notifications': page(notification({ channel: 'email' })),
  });
  await waitFor(() => expect(screen.getByText('Delivered')).toBeTruthy());
  expect(screen.queryByRole('link', { name: 'in the inbox' })).toBeNull();
});
