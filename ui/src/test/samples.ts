/** Wire values for tests: a healthy SLO, and what a test wants otherwise. */
import type {
  Alert,
  Arm,
  AuditEntry,
  Counts,
  Decision,
  Deployment,
  KnownViolation,
  Ledger,
  LedgerEntry,
  Method,
  Methods,
  Member,
  Notification,
  Person,
  Point,
  Receiver,
  ReceiverChannel,
  Service,
  Slo,
  Standing,
  Team,
} from '../api/types';

/** What must be shown as text wherever it stands. */
export const HOSTILE = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>';

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
    budget_policy: 'default',
    marks: {
      healthy_above: 0.5,
      caution_above: 0.25,
      warning_above: 0,
      escalate_below: 0.1,
      unused_above: 0.9,
    },
    remark: null,
    burn_policy: 'workbook',
    burn: [arm()],
    burn_notes: [],
    alert: null,
    origins: [],
    ...change,
  };
}

/** A cause of which nothing more is known. */
export function ledgerEntry(change: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    cause: 'unknown',
    deployment: null,
    alerts: [],
    from: null,
    to: null,
    minutes: 42_000,
    bad: 9,
    total: 90_000,
    share: 0.25,
    budget: 0.1,
    causes: 1,
    ...change,
  };
}

export function ledger(entries: LedgerEntry[], change: Partial<Ledger> = {}): Ledger {
  return {
    slo: 'checkout-availability',
    service: 'checkout',
    objective: 0.999,
    from: '2026-10-21T12:00:00Z',
    to: '2026-11-20T12:01:00Z',
    spent: { bad: 39, total: 100_000, error_ratio: 0.00039, budget: 0.39 },
    without_deployments: { bad: 12, total: 99_000, error_ratio: 0.00012, budget: 0.12 },
    entries,
    deployment_window: '1h',
    environments: ['production'],
    aligned_to_hours: false,
    causes_left_out: false,
    ...change,
  };
}

/** A budget by one method: events, unless it has slices. */
export function method(change: Partial<Method> = {}): Method {
  return {
    budgeting_method: 'Occurrences',
    time_slice: null,
    counts: true,
    good: 99_961,
    total: 100_000,
    unjudged: null,
    error_ratio: 0.00039,
    budget_remaining: 0.61,
    budget_remaining_worst: 0.61,
    budget_remaining_best: 0.61,
    status: 'healthy',
    unmeasured: 0,
    ...change,
  };
}

export function methods(...methods: Method[]): Methods {
  return {
    slo: 'checkout-availability',
    objective: 0.999,
    window: '30d',
    as_of: '2026-11-20T12:00:20Z',
    methods,
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

export function service(change: Partial<Service> = {}): Service {
  return {
    name: 'checkout',
    display_name: 'Checkout',
    description: 'Takes orders',
    owner: 'shop',
    tier: 1,
    depends_on: ['payments'],
    slos: ['checkout-availability'],
    status: 'healthy',
    budget_remaining: 0.61,
    firing: 0,
    ...change,
  };
}

export function counts(by_status: Record<string, number>, change: Partial<Counts> = {}): Counts {
  const total = Object.values(by_status).reduce((sum, count) => sum + count, 0);
  return { total, firing: 0, attention: 0, by_status, ...change };
}

export function standing(
  slos: Record<string, number>,
  services: Record<string, number> = slos,
  change: Partial<Counts> = {},
): Standing {
  return {
    as_of: '2026-11-20T12:00:20Z',
    slos: counts(slos, change),
    services: counts(services, change),
  };
}

export function deployment(change: Partial<Deployment> = {}): Deployment {
  return {
    id: 'dep_1',
    service: 'checkout',
    environment: 'production',
    artifact: 'sha256:bbbbbbbbbbbbbbbb',
    version: '1.5.0',
    commit: null,
    class: 'feature',
    deployed_at: '2026-11-20T11:20:00Z',
    recorded_by: 'ci',
    ...change,
  };
}

export function notification(change: Partial<Notification> = {}): Notification {
  return {
    id: 'ntf_1',
    alert: 'alr_1',
    receiver: 'shop-inbox',
    transition: 'opened',
    state: 'accepted',
    reason: null,
    created_at: '2026-11-20T11:30:00Z',
    next_attempt_at: null,
    attempts: [{ number: 1, at: '2026-11-20T11:30:01Z', outcome: 'accepted', message: 'HTTP 204' }],
    ...change,
  };
}

const POLICY = {
  name: 'default',
  rules: {
    healthy: { default: 'allow', except: {}, advice: null },
    exhausted: {
      default: 'deny',
      except: { rollback: 'allow', security_patch: 'allow' },
      advice: 'write a postmortem',
    },
  },
};

const FACTS = {
  as_of: '2026-11-20T11:00:00Z',
  owner: 'shop',
  tier: 1,
  slos: [
    {
      name: 'checkout-availability',
      status: 'exhausted',
      budget_remaining: -0.85,
      budget_remaining_worst: -1.2,
      unmeasured: 0.1,
      coverage: 1,
      watermark: '2026-11-20T10:59:50Z',
    },
  ],
  alerts: [{ id: 'alr_1', slo: 'checkout-availability', severity: 'page' }],
};

export function decision(change: Partial<Decision> = {}): Decision {
  return {
    id: 'dec_1',
    service: 'checkout',
    environment: 'production',
    artifact: 'sha256:abcdef',
    class: 'feature',
    verdict: 'deny',
    enforced: true,
    reasons: [
      {
        code: 'budget_exhausted',
        verdict: 'deny',
        slo: 'checkout-availability',
        message: 'the budget is exhausted: -85 % left; feature may not go out',
      },
    ],
    facts: FACTS as unknown as Decision['facts'],
    policy: POLICY as unknown as Decision['policy'],
    engine: 'table/1',
    decided_at: '2026-11-20T11:00:00Z',
    expires_at: '2026-11-20T11:30:00Z',
    asked_by: 'ci',
    ...change,
  };
}

export function person(change: Partial<Person> = {}): Person {
  return {
    id: 'per_grace',
    name: 'grace',
    role: 'viewer',
    teams: [{ team: 'shop', role: 'editor' }],
    has_password: false,
    created_at: '2026-11-20T11:00:00Z',
    ...change,
  };
}

export function member(change: Partial<Member> = {}): Member {
  return {
    id: 'per_grace',
    name: 'grace',
    role: 'editor',
    since: '2026-11-20T11:00:00Z',
    ...change,
  };
}

export function team(change: Partial<Team> = {}): Team {
  return {
    name: 'shop',
    display_name: 'The shop',
    defined: true,
    services: ['checkout'],
    members: [],
    ...change,
  };
}

export function channel(change: Partial<ReceiverChannel> = {}): ReceiverChannel {
  return {
    name: 'webhook',
    target: 'https://hooks.example.com',
    fault: null,
    counts: { owed: 4, accepted: 3, superseded: 0, undeliverable: 0, pending: 1 },
    last: {
      at: '2026-11-20T11:30:01Z',
      message: 'HTTP 204',
      notification: 'ntf_1',
      outcome: 'accepted',
    },
    ...change,
  };
}

export function receiver(change: Partial<Receiver> = {}): Receiver {
  return {
    name: 'shop-inbox',
    team: 'shop',
    default: false,
    repeat_minutes: 240,
    channels: [channel()],
    ...change,
  };
}

export function auditEntry(change: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: 'ent_1',
    at: '2026-11-20T11:30:00Z',
    actor: 'mara',
    actor_id: 'per_mara',
    actor_kind: 'person',
    subject: 'team shop',
    event: 'member_set',
    message: 'grace is editor of the team shop',
    ...change,
  };
}

export function debt(change: Partial<KnownViolation> = {}): KnownViolation {
  return {
    name: 'slow-imports',
    slo: 'checkout-availability',
    service: 'checkout',
    owner: 'shop',
    cause: 'The import holds locks',
    remedy: 'import into a copy',
    mend_by: '2027-01-31',
    days_left: 72,
    tracker: null,
    status: 'warning',
    ...change,
  };
}
