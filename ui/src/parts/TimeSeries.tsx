/**
 * The one chart: a panel of lines over the page's time range, with the page's marks and cursor.
 *
 * A thin wrapper: uPlot draws, React owns the data and the words. The head of the panel reads out
 * the values under the cursor, or the latest ones, so that nothing is told by colour or position
 * alone.
 */
import { Box, Button, Group, Paper, Text, useComputedColorScheme } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { bothZones, clock, dayAndClock, NOTHING } from '../app/format';
import './chart.css';
import { marksAt } from './marks';
import { aligned, options, type Gestures, type Line, type Panel } from './plot';
import type { Stretch } from './shape';

interface Props extends Panel {
  title: string;
  /** What the picture says, for those who cannot see it. */
  says: string;
  /** What the y axis hides, if anything. */
  hides?: string | null;
  height?: number;
  /** Without a frame, where it stands in one already. */
  bare?: boolean;
  onZoom: (span: Stretch) => void;
  onBack: () => void;
  onPick: (at: number) => void;
}

const DAY_S = 86_400;

export function TimeSeries({
  title,
  says,
  hides,
  height = 190,
  bare = false,
  onZoom,
  onBack,
  onPick,
  ...panel
}: Props) {
  const [index, setIndex] = useState<number | null>(null);
  const frame = usePlot(panel, { onPoint: setIndex, onZoom, onBack, onPick }, height);
  const shown = index !== null && index < panel.times.length ? index : null;
  const at = shown === null ? undefined : panel.times[shown];
  return (
    <Paper
      withBorder={!bare}
      p={bare ? 0 : 'sm'}
      bg="var(--surface)"
      component="section"
      aria-label={title}
      miw={0}
    >
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text component="h3" fw={600} m={0}>
          {title}
        </Text>
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={() => onPick(at ?? panel.times.at(-1) ?? panel.span.to)}
          aria-label={`Explain ${title.toLowerCase()}`}
        >
          Explain
        </Button>
      </Group>
      <Readout panel={panel} index={shown} />
      <Box
        ref={frame}
        className="chart"
        role="img"
        aria-label={`${title}: ${says}`}
        mih={height}
        mt={4}
      />
      {hides && (
        <Text fz="xs" c="dimmed">
          {hides}
        </Text>
      )}
    </Paper>
  );
}

/** The values at the cursor, or the latest ones. */
function Readout({ panel, index }: { panel: Panel; index: number | null }) {
  const at = index === null ? undefined : panel.times[index];
  const near = (panel.span.to - panel.span.from) / 120;
  const marks = at === undefined ? [] : marksAt(panel.marks, at, near);
  return (
    <Group gap="md" mih={20} wrap="wrap" fz="xs" style={{ rowGap: 0 }}>
      {panel.lines.map((line) => (
        <Value key={line.label} line={line} index={index} read={panel.read} />
      ))}
      {at !== undefined && (
        <Text inherit c="dimmed" title={bothZones(at * 1000)}>
          {panel.span.to - panel.span.from > DAY_S ? dayAndClock(at * 1000) : clock(at * 1000)}
        </Text>
      )}
      {marks.map((mark) => (
        <Text key={mark} inherit fw={600}>
          {mark}
        </Text>
      ))}
    </Group>
  );
}

function Value({ line, index, read }: { line: Line; index: number | null; read: Panel['read'] }) {
  const value =
    index === null ? line.values.findLast((value) => value !== null) : line.values[index];
  return (
    <Text inherit component="span">
      <span
        className="swatch"
        style={{
          color: `var(${line.ink})`,
          borderTopWidth: line.look === 'thin' || line.look === 'faint' ? 1 : 3,
          borderTopStyle: line.look === 'faint' ? 'dotted' : 'solid',
        }}
      />
      {line.label} <b>{value == null ? NOTHING : read(value)}</b>
    </Text>
  );
}

/** A plot in a box: made anew for another theme or other lines, else only fed. */
function usePlot(panel: Panel, gestures: Gestures, height: number) {
  const [box, setBox] = useState<HTMLDivElement | null>(null);
  const { ref: sized, width } = useElementSize<HTMLDivElement>();
  const ref = useMergedRef(setBox, sized);
  const plot = useRef<uPlot | null>(null);
  const now = useRef({ panel, gestures });
  now.current = { panel, gestures };
  const scheme = useComputedColorScheme('light');
  const shape = panel.lines.map((line) => `${line.label} ${line.look} ${line.ink}`).join();
  const ready = width > 0;

  useEffect(() => {
    if (box === null || !ready) return;
    const { panel } = now.current;
    const made = new uPlot(
      options(
        () => now.current.panel,
        () => now.current.gestures,
        box.clientWidth,
        height,
      ),
      aligned(panel),
      box,
    );
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [box, ready, height, scheme, shape]);

  useEffect(() => plot.current?.setSize({ width, height }), [width, height]);
  useEffect(
    () => plot.current?.setData(aligned(panel)),
    [panel.times, panel.lines, panel.marks, panel.thresholds, panel.span],
  );
  return ref;
}
