/** What to do about an alert, the likeliest help first. */
import { Stack, Text } from '@mantine/core';
import type { Alert } from '../../api/types';
import { AppLink } from '../../parts/AppLink';
import { Command } from '../../parts/Command';
import { useAskWhy } from '../../parts/Figure';
import { Section } from '../../parts/Section';
import type { Step } from './words';

interface Props {
  alert: Alert;
  steps: Step[];
  /** Whether it is not known how what the service calls does. */
  unseen: boolean;
}

export function ToDo({ alert, steps, unseen }: Props) {
  return (
    <Section title={alert.phase === 'firing' ? 'What to do' : 'What to look at'}>
      <Stack component="ol" gap="md" m={0} pl={20}>
        {steps.map((step) => (
          <li key={step.says}>
            <Text>{step.says}</Text>
            {step.command && <Command line={step.command} />}
            {step.to && <Way to={step.to} at={alert.firing_since} />}
          </li>
        ))}
      </Stack>
      {unseen && (
        <Text c="dimmed">
          How what it calls does could not be read, so no step here speaks of it.
        </Text>
      )}
    </Section>
  );
}

function Way({ to, at }: { to: NonNullable<Step['to']>; at: string }) {
  const ask = useAskWhy();
  switch (to.page) {
    case 'service':
      return (
        <AppLink to="/services/$name" params={{ name: to.name }} inherit>
          Open {to.name}
        </AppLink>
      );
    case 'telemetry':
      return (
        <AppLink to="/admin/telemetry" inherit>
          What came in
        </AppLink>
      );
    case 'explain':
      return (
        <Text component="button" className="text-button" onClick={() => ask(at)}>
          Explain the numbers
        </Text>
      );
  }
}
