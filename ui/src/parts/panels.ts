/** What each panel of an SLO's page draws, and the words for it. */
import { burn, count, factor, share, shortCount, windowText } from '../app/format';
import type { Arm, Slo } from '../api/types';
import { WEEK_MS } from '../app/range';
import { counted } from '../app/words';
import type { Threshold } from './marks';
import type { Line, Panel } from './plot';
import { laid, largest, last, smallest, type Columns } from './shape';

export type PanelName = 'budget' | 'burn' | 'bad' | 'good';

export type Drawn = Pick<Panel, 'lines' | 'axis' | 'format' | 'read' | 'thresholds'> & {
  name: PanelName;
  title: string;
  says: string;
  hides?: string | null;
};

/** The panels in reading order: the first answers whether users are served as promised. */
export function panels(slo: Slo, shaped: Columns, earlier: Columns | null): Drawn[] {
  return [
    budgetPanel(shaped, earlier),
    burnPanel(slo, shaped),
    badPanel(slo, shaped),
    goodPanel(slo, shaped, earlier),
  ];
}

function budgetPanel(shaped: Columns, earlier: Columns | null): Drawn {
  const low = smallest(shaped.budget) ?? 0;
  return {
    name: 'budget',
    title: 'Budget left',
    says: `${share(last(shaped.budget))} at the end, ${share(low)} at the lowest`,
    lines: [
      { label: 'left', values: shaped.budget, ink: '--line-neutral', look: 'area' },
      ...weekBefore(shaped, earlier, 'budget'),
    ],
    axis: (low, high) => [Math.min(0, low * 1.08), Math.max(1, high)],
    format: (value) => share(value),
    read: (value) => share(value),
    thresholds: low < 0 ? [{ value: 0, label: 'all spent' }] : [],
  };
}

function burnPanel(slo: Slo, shaped: Columns): Drawn {
  const thresholds = thresholdsOf(slo.burn);
  const most = largest(shaped.burnLong, shaped.burnShort) ?? 0;
  const top = burnTop(most, thresholds);
  const arm = slo.burn.find((arm) => arm.severity === 'page') ?? slo.burn[0];
  return {
    name: 'burn',
    title: 'Burn rate',
    says: `${burn(last(shaped.burnLong))} at the end, ${burn(most)} at the highest`,
    lines: [
      {
        label: arm === undefined ? 'long window' : `over ${windowText(arm.long_window)}`,
        values: shaped.burnLong,
        ink: '--line-neutral',
        look: 'line',
      },
      {
        label: arm === undefined ? 'short window' : `over ${windowText(arm.short_window)}`,
        values: shaped.burnShort,
        ink: '--ink-dim',
        look: 'thin',
      },
    ],
    axis: () => [0, top],
    format: (value) => factor(value),
    read: burn,
    thresholds,
    hides: hiddenThresholds(thresholds, top),
  };
}

function badPanel(slo: Slo, shaped: Columns): Drawn {
  return {
    name: 'bad',
    title: `Bad ${counted(slo)}`,
    says: `${count(largest(shaped.bad))} in the worst step`,
    lines: [
      { label: `bad ${inStep(shaped)}`, values: shaped.bad, ink: '--exhausted-fill', look: 'bars' },
    ],
    ...counts(),
  };
}

function goodPanel(slo: Slo, shaped: Columns, earlier: Columns | null): Drawn {
  return {
    name: 'good',
    title: `Good ${counted(slo)}`,
    says: `${count(largest(shaped.good))} in the busiest step`,
    lines: [
      { label: `good ${inStep(shaped)}`, values: shaped.good, ink: '--line-neutral', look: 'bars' },
      ...weekBefore(shaped, earlier, 'good'),
    ],
    ...counts(),
  };
}

/** The time that a count is of. */
function inStep({ stepMinutes: minutes }: Columns): string {
  if (minutes < 60) return `in ${windowText(`${minutes}m`)}`;
  return `in ${windowText(minutes < 1440 ? `${minutes / 60}h` : `${minutes / 1440}d`)}`;
}

/** The same a week before, as a faint line; nothing where nothing is known of it. */
function weekBefore(shaped: Columns, earlier: Columns | null, what: 'budget' | 'good'): Line[] {
  if (earlier === null) return [];
  const values = laid(shaped, earlier, earlier[what], WEEK_MS / 1000);
  return last(values) === null
    ? []
    : [{ label: 'a week before', values, ink: '--ink-dim', look: 'faint' }];
}

function counts(): Pick<Drawn, 'axis' | 'format' | 'read' | 'thresholds'> {
  return {
    axis: (_low, high) => [0, Math.max(1, high * 1.1)],
    format: shortCount,
    read: count,
    thresholds: [],
  };
}

/** One line per factor, named by the arms that have it; the lowest first. */
export function thresholdsOf(arms: Arm[]): Threshold[] {
  const factors = [...new Set(arms.map((arm) => arm.factor))].sort((a, b) => a - b);
  return factors.map((value) => ({
    value,
    label: thresholdName(
      value,
      arms.filter((arm) => arm.factor === value),
    ),
  }));
}

function thresholdName(value: number, arms: Arm[]): string {
  const severities = [...new Set(arms.map((arm) => arm.severity))].join(' and ');
  return `${severities} ${factor(value)} over ${arms.map((arm) => windowText(arm.long_window)).join(', ')}`;
}

/**
 * High enough for the data and the nearest threshold; not for those far above, which would flatten
 * it.
 */
export function burnTop(most: number, thresholds: Threshold[]): number {
  const near = thresholds.find((threshold) => threshold.value >= most)?.value ?? 0;
  return Math.max(1.2, most * 1.15, near <= Math.max(4, most * 4) ? near * 1.15 : 0);
}

/** The thresholds the axis hides, in words. */
export function hiddenThresholds(thresholds: Threshold[], top: number): string | null {
  const hidden = thresholds.filter((threshold) => threshold.value > top);
  return hidden.length === 0
    ? null
    : `Above this axis: ${hidden.map((threshold) => threshold.label).join('; ')}.`;
}
