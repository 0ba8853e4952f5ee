/** A status as icon and word; never colour alone. */
import { Group, Text, Tooltip } from '@mantine/core';
import { sentenceCase, statusMeaning, statusWord } from '../app/words';
import { Icon, type IconName } from './icons';
import { statusInk } from './status';

const ICONS: Record<string, IconName> = {
  healthy: 'check',
  caution: 'half',
  warning: 'triangle',
  exhausted: 'cross',
  no_traffic: 'dash',
  no_data: 'question',
  unmeasured: 'question',
  firing: 'bell',
  closed: 'check',
  allow: 'check',
  warn: 'triangle',
  deny: 'cross',
  live: 'check',
  stale: 'half',
  silent: 'dash',
  page: 'bell',
  ticket: 'bell',
  log: 'dash',
  accepted: 'check',
  pending: 'pending',
  superseded: 'dash',
  undeliverable: 'cross',
  refused: 'cross',
  failed: 'triangle',
};

/** The budget status of an SLO, with its meaning on hover. */
export function Status({ status }: { status: string }) {
  return (
    <Tooltip label={statusMeaning(status)} openDelay={400} withArrow>
      <span style={{ lineHeight: 1 }}>
        <Word code={status} word={statusWord(status)} />
      </span>
    </Tooltip>
  );
}

/** Any other state that has a colour: a phase, a verdict, liveness. */
export function State({ code, word }: { code: string; word?: string }) {
  return <Word code={code} word={word ?? sentenceCase(code)} />;
}

function Word({ code, word }: { code: string; word: string }) {
  return (
    <Group
      component="span"
      gap={5}
      wrap="nowrap"
      display="inline-flex"
      c={statusInk(code)}
      align="center"
      style={{ verticalAlign: 'middle' }}
    >
      <Icon name={ICONS[code] ?? 'question'} size={15} />
      <Text component="span" inherit fw={600} style={{ whiteSpace: 'nowrap' }}>
        {word}
      </Text>
    </Group>
  );
}
