/**
 * The history of an SLO as panels over one range and under one cursor, with deployments, alerts and
 * gaps marked on each.
 */
import { SimpleGrid, Skeleton, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useAlertsSince } from '../api/alerts';
import { SPAN_MAX, useDeploymentsIn } from '../api/deployments';
import { useHistory, type Span } from '../api/slos';
import type { Alert, Deployment, Slo } from '../api/types';
import { count } from '../app/format';
import { weekBefore } from '../app/range';
import { deploymentName, plain } from '../app/words';
import type { Marks } from './marks';
import { panels, type PanelName } from './panels';
import { Problem } from './Problem';
import { columns, seconds, type Columns, type Stretch } from './shape';
import { TimeSeries } from './TimeSeries';

interface Props {
  slo: Slo;
  span: Span;
  /** Which of its panels; all when left out. */
  only?: PanelName[];
  cols?: { base: number; md: number };
  height?: number;
  /** Without a frame, where the panel stands in one already. */
  bare?: boolean;
  onZoom: (span: Stretch) => void;
  onBack: () => void;
  onPick: (at: number) => void;
}

const PANEL_HEIGHT = 190;
/** What a panel has beside its chart. */
const FRAME_HEIGHT = 68;

export function SloPanels({
  slo,
  span,
  only,
  cols,
  height = PANEL_HEIGHT,
  bare = false,
  ...does
}: Props) {
  const shown = useMemo(() => ({ from: seconds(span.from), to: seconds(span.to) }), [span]);
  const { history, shaped, earlier } = useColumns(slo, span);
  const { marks, lacks } = useMarks(slo, span, shown.to, shaped);
  const drawn = useMemo(() => shaped && panels(slo, shaped, earlier), [slo, shaped, earlier]);
  const chosen = drawn?.filter(({ name }) => only?.includes(name) ?? true);
  return (
    <>
      {history.isError && (
        <Problem
          error={history.error}
          what="The charts"
          works="The numbers above are still right."
          retry={() => void history.refetch()}
        />
      )}
      <SimpleGrid cols={cols ?? { base: 1, md: 2 }} spacing="sm">
        {history.isPending &&
          Array.from({ length: only?.length ?? 4 }, (_, panel) => (
            <Skeleton key={panel} height={height + FRAME_HEIGHT} />
          ))}
        {chosen?.map(({ name, ...panel }) => (
          <TimeSeries
            key={name}
            {...panel}
            starts={shaped?.starts ?? []}
            times={shaped?.times ?? []}
            marks={marks}
            span={shown}
            height={height}
            bare={bare}
            {...does}
          />
        ))}
      </SimpleGrid>
      {lacks.map((lack) => (
        <Text key={lack} c="dimmed" fz="sm">
          {lack}
        </Text>
      ))}
    </>
  );
}

/** The points of a span, and those of the week before it. */
function useColumns(slo: Slo, span: Span) {
  const week = useMemo(() => weekBefore(span), [span]);
  const history = useHistory(slo.name, span);
  const before = useHistory(slo.name, week);
  const until = Math.min(seconds(span.to), Math.floor(seconds(slo.as_of)));
  const shaped = useMemo(() => history.data && columns(history.data, until), [history.data, until]);
  const earlier = useMemo(
    () => (week !== null && before.data ? columns(before.data, until) : null),
    [week, before.data, until],
  );
  return { history, shaped, earlier };
}

/** Deployments, alerts and gaps, the same on every panel; and what of them is not marked. */
function useMarks(slo: Slo, span: Span, until: number, shaped: Columns | undefined) {
  const deployments = useDeploymentsIn(slo.service, span);
  const alerts = useAlertsSince(slo.name, span.from);
  const known = knownUntil(slo);
  const marks = useMemo(
    (): Marks => ({
      triangles: (deployments.data ?? []).map((deployment) => ({
        at: seconds(deployment.deployed_at),
        label: deploymentLabel(deployment),
      })),
      bands: (alerts.data?.items ?? []).map((alert) => ({
        ...stretchOf(alert, until),
        severity: alert.severity,
        label: alertLabel(alert),
      })),
      hatched:
        shaped === undefined
          ? []
          : [...shaped.unmeasured, ...shaped.gaps.filter((gap) => gap.from < known)],
    }),
    [deployments.data, alerts.data, shaped, until, known],
  );
  const lacks = [
    unread('alerts', alerts),
    alerts.data?.cut &&
      `Only the newest ${count(alerts.data.items.length)} alerts of the SLO are marked.`,
    unread('deployments', deployments),
    deployments.data?.length === SPAN_MAX &&
      `Only the newest ${count(SPAN_MAX)} deployments of this time are marked.`,
  ];
  return { marks, lacks: lacks.filter((lack) => typeof lack === 'string') };
}

/** What could not be read, and whether anything was before. */
function unread(what: string, { isError, data }: { isError: boolean; data: unknown }) {
  if (!isError) return null;
  return data === undefined
    ? `The ${what} could not be read: none is marked.`
    : `The ${what} could not be read again: those last seen are marked.`;
}

/** Until when the lack of samples is a gap; later ones may still be on their way. */
function knownUntil(slo: Slo): number {
  return slo.status === 'no_data' || slo.watermark == null ? Infinity : seconds(slo.watermark);
}

function stretchOf(alert: Alert, until: number): Stretch {
  return {
    from: seconds(alert.opened_at),
    to: alert.closed_at == null ? until : seconds(alert.closed_at),
  };
}

function deploymentLabel(deployment: Deployment): string {
  return `▲ ${deploymentName(deployment)} to ${deployment.environment} (${plain(deployment.class)})`;
}

function alertLabel(alert: Alert): string {
  return alert.kind === 'no_data' ? 'alert: no data' : `alert: ${alert.severity}`;
}
