/** uPlot's options for a panel: the one place where the charts' grammar is spelt out. */
import uPlot from 'uplot';
import { shortDay, timeOfDay } from '../app/format';
import { drawAbove, drawBelow, token, type Marks, type Threshold } from './marks';
import { lonely, type Stretch } from './shape';

export interface Line {
  label: string;
  values: (number | null)[];
  /** The token of its colour. */
  ink: string;
  look: 'line' | 'thin' | 'faint' | 'area' | 'bars';
}

/** What a panel shows; read anew at every drawing. */
export interface Panel {
  /** The starts of the points, in seconds. */
  starts: number[];
  /** Their ends: where they stand. */
  times: number[];
  lines: Line[];
  /** The y axis for values from `low` to `high`. */
  axis: (low: number, high: number) => [number, number];
  /** A value at the axis, short. */
  format: (value: number) => string;
  /** A value read out, as exact as it is known. */
  read: (value: number) => string;
  thresholds: Threshold[];
  marks: Marks;
  /** The range of the page, in seconds. */
  span: Stretch;
}

/** What a reader does with a panel. */
export interface Gestures {
  onPoint: (index: number | null) => void;
  onZoom: (span: Stretch) => void;
  onBack: () => void;
  onPick: (at: number) => void;
}

/** uPlot's word for layouts in the units of a scale. */
const SCALE = 1;

/** Panels of a page share their cursor under this name. */
const CURSOR = 'page';

export function aligned({ times, lines }: Panel): uPlot.AlignedData {
  return [times, ...lines.map((line) => line.values)] as uPlot.AlignedData;
}

export function options(
  panel: () => Panel,
  gestures: () => Gestures,
  width: number,
  height: number,
): uPlot.Options {
  return {
    width,
    height,
    tzDate: (stamp) => uPlot.tzDate(new Date(stamp * 1000), 'Etc/UTC'),
    legend: { show: false },
    padding: [8, 18, 0, 0],
    cursor: {
      sync: { key: CURSOR, setSeries: false },
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
      bind: { dblclick: () => () => null },
    },
    scales: {
      x: { range: () => [panel().span.from, panel().span.to] },
      y: { range: (_plot, low, high) => panel().axis(low ?? 0, high ?? 0) },
    },
    axes: axes(panel),
    series: [{}, ...panel().lines.map((line) => series(line, panel))],
    hooks: {
      drawAxes: [(plot) => drawBelow(plot, panel().marks)],
      draw: [(plot) => drawAbove(plot, panel().marks, panel().thresholds)],
      setCursor: [(plot) => gestures().onPoint(plot.cursor.idx ?? null)],
      setSelect: [(plot) => zoom(plot, gestures())],
      ready: [(plot) => listen(plot, gestures)],
    },
  };
}

function axes(panel: () => Panel): uPlot.Axis[] {
  const look = {
    stroke: () => token('--ink-dim'),
    font: '11px system-ui, sans-serif',
    grid: { stroke: () => token('--rule'), width: 1 },
    ticks: { show: false },
  };
  return [
    {
      ...look,
      grid: { show: false },
      space: 70,
      size: 20,
      gap: 4,
      values: (_plot, splits, _axis, _space, step) => splits.map((at) => timeLabel(at, step)),
    },
    {
      ...look,
      space: 32,
      size: 58,
      gap: 4,
      values: (_plot, splits) => splits.map((value) => panel().format(value)),
    },
  ];
}

/** Days where days are counted, else the time of day. */
function timeLabel(at: number, step: number): string {
  const midnight = at % 86_400 === 0;
  if (step < 86_400 && !midnight) return timeOfDay(at * 1000);
  return shortDay(at * 1000);
}

function series({ label, ink, look }: Line, panel: () => Panel): uPlot.Series {
  const colour = token(ink);
  const area = look === 'area' || look === 'bars';
  return {
    label,
    stroke: colour,
    width: look === 'thin' || look === 'faint' ? 1 : 1.75,
    ...(look === 'faint' ? { dash: [2, 3] } : {}),
    spanGaps: false,
    ...(area
      ? { fill: look === 'bars' ? colour : `color-mix(in srgb, ${colour} 16%, transparent)` }
      : {}),
    ...(look === 'bars' ? { width: 0, paths: bars(panel) } : {}),
    points: { size: 4, filter: (plot, index) => lonely(plot.data[index] ?? []) },
  };
}

/** Bars reach from the start of their minutes to the end. */
function bars(panel: () => Panel): uPlot.Series.PathBuilder {
  const build = uPlot.paths.bars;
  if (build === undefined) throw new Error('uPlot comes with bars');
  const lengths = () => panel().times.map((end, index) => end - (panel().starts[index] ?? end));
  const display = {
    x0: { unit: SCALE, values: () => panel().starts },
    size: { unit: SCALE, values: lengths },
  };
  return build({ align: 1, disp: display, gap: 1 });
}

function zoom(plot: uPlot, { onZoom }: Gestures): void {
  const { left, width } = plot.select;
  if (width < 6) return;
  const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
  plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
  onZoom({ from, to });
}

/** A click explains the point, a double click goes back: so a click waits for its second half. */
function listen(plot: uPlot, gestures: () => Gestures): void {
  const PATIENCE_MS = 260;
  let pressedAt = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  plot.over.addEventListener('mousedown', (event) => (pressedAt = event.clientX));
  plot.over.addEventListener('click', (event) => {
    const index = plot.cursor.idx;
    if (Math.abs(event.clientX - pressedAt) > 3 || index == null) return;
    const at = plot.data[0][index];
    clearTimeout(waiting);
    if (at !== undefined && event.detail < 2)
      waiting = setTimeout(() => gestures().onPick(at), PATIENCE_MS);
  });
  plot.over.addEventListener('dblclick', () => {
    clearTimeout(waiting);
    gestures().onBack();
  });
}
