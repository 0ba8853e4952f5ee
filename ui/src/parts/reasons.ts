/** The reasons of a decision by what they weigh: what decided, what would have, and what is only said. */
import type { Decision, Reason } from '../api/types';

/** They ask for nothing: the verdict would be the same without them. */
const REMARKS = ['alert_firing', 'budget_escalates', 'budget_allowance'];

export interface Weighed {
  /** Those that alone ask for the verdict there is. */
  decisive: Reason[];
  /** Those that alone ask for another. */
  others: Reason[];
  /** What whoever decides should know, beside the verdict. */
  remarks: Reason[];
}

export function weighed({ verdict, reasons }: Pick<Decision, 'verdict' | 'reasons'>): Weighed {
  const asking = reasons.filter(({ code }) => !REMARKS.includes(code));
  return {
    decisive: asking.filter((reason) => reason.verdict === verdict),
    others: asking.filter((reason) => reason.verdict !== verdict),
    remarks: reasons.filter(({ code }) => REMARKS.includes(code)),
  };
}

/** The strictest reason, and how many more there are; nothing where none was kept. */
export function firstReason(decision: Pick<Decision, 'verdict' | 'reasons'>) {
  const { decisive, others, remarks } = weighed(decision);
  const [reason, ...more] = [...decisive, ...others, ...remarks];
  return reason === undefined ? null : { message: reason.message, more: more.length };
}
