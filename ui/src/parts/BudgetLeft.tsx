/** What is left of a budget in a line: the load line small, the share, and its interval. */
import type { Marks } from '../api/types';
import { interval, share } from '../app/format';
import { BudgetGauge } from './BudgetGauge';

/** What of an SLO or a service this needs. */
export interface Budget {
  status?: string | null | undefined;
  budget_remaining?: number | null | undefined;
  budget_remaining_worst?: number | null | undefined;
  budget_remaining_best?: number | null | undefined;
  /** Of an SLO: where its policy has the statuses begin. */
  marks?: Marks | undefined;
}

export function BudgetLeft({ slo, size = 34 }: { slo: Budget; size?: number }) {
  const bounds = { worst: slo.budget_remaining_worst, best: slo.budget_remaining_best };
  const range = interval(bounds);
  return (
    <div className="budget-left">
      <BudgetGauge
        left={slo.budget_remaining}
        {...bounds}
        status={slo.status ?? 'unmeasured'}
        marks={slo.marks}
        size={size}
      />
      <div>
        <div className="share">{share(slo.budget_remaining, bounds)}</div>
        {range !== null && <div className="between">{range}</div>}
      </div>
    </div>
  );
}
