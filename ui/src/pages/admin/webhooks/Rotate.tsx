/** A sender's next secret: asked first, with how long the one until now is taken; then shown once. */
import { Input, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useRotateWebhook } from '../../../api/webhooks';
import type { Webhook } from '../../../api/types';
import { Dialog } from '../../../parts/Dialog';
import { FormEnd } from '../../../parts/FormEnd';
import { ONCE } from '../../../parts/Secret';
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
  const made = rotate.data;
  const title = `Another secret for ${webhook.name}`;
  return (
    <Dialog title={made ? ONCE : title} onClose={onClose} once={made !== undefined}>
      {made ? <Once webhook={made} onClose={onClose} /> : <Form rotate={rotate} />}
    </Dialog>
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
        <Input.Wrapper label="The secret until now is taken for" labelElement="div">
          <SegmentedControl
            fullWidth
            mt={4}
            aria-label="The secret until now is taken for"
            data={OVERLAPS}
            value={hours}
            onChange={setHours}
          />
        </Input.Wrapper>
        <FormEnd act="Make the secret" busy={rotate.isPending} error={rotate.error} />
      </Stack>
    </form>
  );
}
