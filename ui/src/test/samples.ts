/** Wire values for tests: a healthy SLO, and what a test wants otherwise. */
import type { Alert, Arm, Point, Slo } from '../api/types';

export function arm(change: Partial<Arm> = {}): Arm {
  return {
    long: 0.5,
    short: 0.4,
    long_window: '1h',
    short_window: '5m',
    factor: 14.4,
    significance: 0.3,
    significance_needed: 0.001,
    severity: 'page',
    firing: false,
    ...change,
  };
}

export function slo(change: Partial<Slo> = {}): Slo {
  return {
    name: 'checkout-availability',
    display_name: 'Checkout',
    description: null,
    service: 'checkout',
    owner: 'shop',
    objective: 0.999,
    window: '30d',
    budgeting_method: 'Occurrences',
    indicator: { kind: 'ratio', op: null, bound: null },
    good: 99_961,
    total: 100_000,
    error_ratio: 0.00039,
    budget_remaining: 0.61,
    budget_remaining_worst: 0.61,
    budget_remaining_best: 0.61,
    status: 'healthy',
    coverage: 1,
    gap_minutes: 0,
    unmeasured: 0,
    inferred: 0,
    corrected: 0,
    aligned_to_hours: false,
    watermark: '2026-11-20T12:00:00Z',
    as_of: '2026-11-20T12:00:20Z',
    burn_policy: 'workbook',
    burn: [arm()],
    burn_notes: [],
    alert: null,
    ...change,
  };
}

export function alert(change: Partial<Alert> = {}): Alert {
  return {
    id: 'alr_1',
    kind: 'burn',
    slo: 'checkout-availability',
    service: 'checkout',
    owner: 'shop',
    severity: 'page',
    phase: 'firing',
    opened_at: '2026-11-20T11:30:00Z',
    firing_since: '2026-11-20T11:30:00Z',
    closed_at: null,
    summary: 'Burns 24 times too fast.',
    arms: [arm({ long: 24, short: 20, firing: true })],
    budget_remaining: 0.4,
    timeline: [],
    ...change,
  };
}

export function point(at: string, change: Partial<Point> = {}): Point {
  return {
    at,
    good: 99,
    total: 100,
    coverage: 1,
    budget_remaining: 0.6,
    burn_long: 1,
    burn_short: 2,
    ...change,
  };
}
