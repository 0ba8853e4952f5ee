/** A status as icon and word; never colour alone. */
import { sentenceCase, statusMeaning, statusWord } from '../app/words';
import { Icon, type IconName } from './icons';
import { statusInk } from './status';
import { useTip } from './tip';

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

/** How long a pointer rests on a status before it is explained. */
const PATIENCE_MS = 400;

/** The budget status of an SLO, with its meaning on hover. */
export function Status({ status }: { status: string }) {
  const { over, said } = useTip(() => statusMeaning(status), PATIENCE_MS);
  return (
    <>
      <span style={{ lineHeight: 1 }} {...over}>
        <Word code={status} word={statusWord(status)} />
      </span>
      {said}
    </>
  );
}

/** Any other state that has a colour: a phase, a verdict, liveness. */
export function State({ code, word }: { code: string; word?: string }) {
  return <Word code={code} word={word ?? sentenceCase(code)} />;
}

function Word({ code, word }: { code: string; word: string }) {
  return (
    <span className="state" style={{ color: statusInk(code) }}>
      <Icon name={ICONS[code] ?? 'question'} size={15} />
      <span>{word}</span>
    </span>
  );
}
