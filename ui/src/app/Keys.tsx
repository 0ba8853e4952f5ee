/** The keys of the app. */
import { Group, Kbd, Modal, Stack, Text } from '@mantine/core';
import { useFocusBack } from '../parts/focus';
import { PLACES } from './places';

const KEYS: [string[], string][] = [
  [['⌘ K', 'Ctrl K'], 'Find an SLO, a service, an alert or an action'],
  [['/'], 'Search the list'],
  [['j', 'k'], 'Next and previous row'],
  [['Enter'], 'Open the row'],
  [['e'], 'Explain the numbers of an SLO or an alert'],
  [['Esc'], 'Close what is open'],
  [['?'], 'These keys'],
];

export function Keys({ onClose }: { onClose: () => void }) {
  useFocusBack();
  return (
    <Modal opened onClose={onClose} title="Keys" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="xs">
        {KEYS.map(([keys, meaning]) => (
          <Group key={meaning} justify="space-between" wrap="nowrap">
            <Text>{meaning}</Text>
            <Group gap={4} wrap="nowrap">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </Group>
          </Group>
        ))}
        <Text fw={600} mt="xs">
          Go to
        </Text>
        {PLACES.map(({ key, name }) => (
          <Group key={key} justify="space-between" wrap="nowrap">
            <Text>{name}</Text>
            <Group gap={4} wrap="nowrap">
              <Kbd>g</Kbd>
              <Kbd>{key}</Kbd>
            </Group>
          </Group>
        ))}
        <Text c="dimmed" mt="xs">
          On a chart: drag to zoom, double click to go back, click a point to explain it.
        </Text>
      </Stack>
    </Modal>
  );
}
