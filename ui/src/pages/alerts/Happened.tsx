/** The timeline of an alert. */
import { Text } from '@mantine/core';
import type { Alert } from '../../api/types';
import { sentenceCase } from '../../app/words';
import { Section } from '../../parts/Section';
import { Timeline } from '../../parts/Timeline';

export function Happened({ alert }: { alert: Alert }) {
  const entries = alert.timeline ?? [];
  return (
    <Section title="Timeline">
      {entries.length === 0 && <Text c="dimmed">Nothing is recorded.</Text>}
      <Timeline
        moments={entries.map(({ at, event, message }) => ({
          key: `${at} ${event} ${message}`,
          at,
          what: sentenceCase(event),
          says: message,
          tone: event,
        }))}
      />
    </Section>
  );
}
