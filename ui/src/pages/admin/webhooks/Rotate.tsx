/** A sender's next secret: asked first, with how long the one until now is taken; then shown once. */
import { Stack, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useRotateWebhook } from '../../../api/webhooks';
import type { Webhook } from '../../../api/types';
import { FormEnd } from '../../../parts/FormEnd';
import { Segments } from '../../../parts/Segments';
import { MadeOnce } from '../MadeOnce';
import { Once } from './Once';

/** In hours. */
const OVERLAPS = [
  { value: '0', label: 'No time' },
  { value: '1', label: '1 hour' },
  { value: '24', label: '1 day' },
  { value: '168', label: '7 days' },
];

export function Rotate({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const rotate = useRotateWebhook(webhook.id);
  return (
    <MadeOnce
      title={`Another secret for ${webhook.name}`}
      made={rotate.data}
      shown={(made) => <Once webhook={made} onClose={onClose} />}
      onClose={onClose}
    >
      <Form rotate={rotate} />
    </MadeOnce>
  );
}

function Form({ rotate }: { rotate: ReturnType<typeof useRotateWebhook> }) {
  const [hours, setHours] = useState('24');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rotate.mutate(Number(hours));
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text>
          A new secret is made and shown once. The one until now is taken for a while, too, so that
          no message is refused before the sender has the new one.
        </Text>
        <Segments
          label="The secret until now is taken for"
          data={OVERLAPS}
          value={hours}
          onChange={setHours}
        />
        <FormEnd act="Make the secret" busy={rotate.isPending} error={rotate.error} />
      </Stack>
    </form>
  );
}
