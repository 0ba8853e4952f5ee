/** The time around an alert, drawn: the charts come after the words. */
import { Skeleton } from '@mantine/core';
import { useMemo } from 'react';
import type { Alert, Slo } from '../../api/types';
import { span } from '../../app/range';
import { later } from '../../parts/later';
import { Section } from '../../parts/Section';

const Panels = later(() => import('./Panels').then((m) => m.Panels));

const BEFORE_MS = 90 * 60_000;
const AFTER_MS = 20 * 60_000;

export function Around({ alert, slo }: { alert: Alert; slo: Slo }) {
  const shown = useMemo(() => around(alert, slo), [alert, slo]);
  return (
    <Section title="Around it" says="From an hour and a half before. Times are UTC.">
      <Panels slo={slo} span={shown} meanwhile={<Skeleton height={440} />} />
    </Section>
  );
}

/** Until it was over, or now. */
function around(alert: Alert, slo: Slo) {
  const now = Date.parse(slo.as_of);
  const end = alert.closed_at == null ? now : Date.parse(alert.closed_at) + AFTER_MS;
  return span(Date.parse(alert.opened_at) - BEFORE_MS, Math.min(now, end));
}
