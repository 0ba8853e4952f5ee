/**
 * What is marked on every chart: deployments as triangles, alerts as bands, time without data as
 * hatching, thresholds as dashed lines with their name. Drawn on uPlot's canvas, below and above
 * its series.
 */
import type uPlot from 'uplot';
import type { Stretch } from './shape';

export interface Triangle {
  at: number;
  label: string;
}

export interface Band extends Stretch {
  label: string;
  severity: string;
}

export interface Marks {
  triangles: Triangle[];
  bands: Band[];
  hatched: Stretch[];
}

export interface Threshold {
  value: number;
  label: string;
}

/** The value of a token in the theme that is on. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** What lies below the series. */
export function drawBelow(plot: uPlot, marks: Marks): void {
  within(plot, (pen) => {
    for (const stretch of marks.hatched) hatch(plot, pen, stretch);
    for (const band of marks.bands) paintBand(plot, pen, band);
  });
}

/** What lies above the series. */
export function drawAbove(plot: uPlot, marks: Marks, thresholds: Threshold[]): void {
  within(plot, (pen) => {
    paintThresholds(plot, pen, thresholds);
    for (const triangle of marks.triangles) paintTriangle(plot, pen, triangle);
  });
}

/**
 * The marks at an instant, in words: triangles within `near` seconds, bands and gaps that hold it.
 */
export function marksAt(marks: Marks, at: number, near: number): string[] {
  const holds = (stretch: Stretch) => stretch.from <= at && at <= stretch.to;
  return [
    ...marks.triangles
      .filter((triangle) => Math.abs(triangle.at - at) <= near)
      .map((triangle) => triangle.label),
    ...marks.bands.filter(holds).map((band) => band.label),
    ...(marks.hatched.some(holds) ? ['no data'] : []),
  ];
}

function within(plot: uPlot, paint: (pen: CanvasRenderingContext2D) => void): void {
  const { ctx: pen, bbox } = plot;
  pen.save();
  pen.beginPath();
  pen.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  pen.clip();
  paint(pen);
  pen.restore();
}

function hatch(plot: uPlot, pen: CanvasRenderingContext2D, stretch: Stretch): void {
  const { top, height } = plot.bbox;
  const [left, right] = edges(plot, stretch);
  pen.save();
  pen.beginPath();
  pen.rect(left, top, right - left, height);
  pen.clip();
  pen.strokeStyle = token('--hatch');
  pen.lineWidth = 2 * devicePixelRatio;
  const gap = 8 * devicePixelRatio;
  pen.beginPath();
  for (let x = left - height - (left % gap); x < right; x += gap) {
    pen.moveTo(x, top + height);
    pen.lineTo(x + height, top);
  }
  pen.stroke();
  pen.restore();
}

function paintBand(plot: uPlot, pen: CanvasRenderingContext2D, band: Band): void {
  const { top, height } = plot.bbox;
  const [left, right] = edges(plot, band);
  const width = Math.max(2 * devicePixelRatio, right - left);
  pen.fillStyle = token(band.severity === 'page' ? '--exhausted-fill' : '--warning-fill');
  pen.globalAlpha = 0.13;
  pen.fillRect(left, top, width, height);
  pen.globalAlpha = 1;
  pen.fillRect(left, top, width, 3 * devicePixelRatio);
}

/** Names that would lie on each other stand side by side. */
function paintThresholds(
  plot: uPlot,
  pen: CanvasRenderingContext2D,
  thresholds: Threshold[],
): void {
  const { left, top, height } = plot.bbox;
  const line = 15 * devicePixelRatio;
  let taken = { y: Infinity, right: left };
  for (const { value, label } of thresholds) {
    const y = Math.round(plot.valToPos(value, 'y', true));
    if (y < top || y > top + height) continue;
    strokeThreshold(plot, pen, y);
    const start = Math.abs(taken.y - y) < line ? taken.right : left;
    taken = { y: start === left ? y : taken.y, right: writeName(plot, pen, label, start, y) };
  }
}

function strokeThreshold(plot: uPlot, pen: CanvasRenderingContext2D, y: number): void {
  const { left, width } = plot.bbox;
  pen.strokeStyle = token('--ink-dim');
  pen.lineWidth = devicePixelRatio;
  pen.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
  pen.beginPath();
  pen.moveTo(left, y);
  pen.lineTo(left + width, y);
  pen.stroke();
  pen.setLineDash([]);
}

/** Writes a name on its line and says where it ends. */
function writeName(
  plot: uPlot,
  pen: CanvasRenderingContext2D,
  label: string,
  start: number,
  y: number,
): number {
  const { top } = plot.bbox;
  pen.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  pen.textAlign = 'left';
  pen.textBaseline = y - top < 16 * devicePixelRatio ? 'top' : 'bottom';
  const x = start + 6 * devicePixelRatio;
  const nudge = pen.textBaseline === 'top' ? 2 * devicePixelRatio : -2 * devicePixelRatio;
  pen.lineWidth = 3 * devicePixelRatio;
  pen.strokeStyle = token('--surface');
  pen.strokeText(label, x, y + nudge);
  pen.fillStyle = token('--ink-dim');
  pen.fillText(label, x, y + nudge);
  return x + pen.measureText(label).width + 6 * devicePixelRatio;
}

function paintTriangle(plot: uPlot, pen: CanvasRenderingContext2D, { at }: Triangle): void {
  const { top, height } = plot.bbox;
  const x = plot.valToPos(at, 'x', true);
  const size = 6 * devicePixelRatio;
  pen.strokeStyle = token('--ink-dim');
  pen.globalAlpha = 0.5;
  pen.lineWidth = devicePixelRatio;
  pen.beginPath();
  pen.moveTo(x, top);
  pen.lineTo(x, top + height - 1.6 * size);
  pen.stroke();
  pen.globalAlpha = 1;
  pen.fillStyle = token('--ink');
  pen.beginPath();
  pen.moveTo(x, top + height - 1.7 * size);
  pen.lineTo(x + size, top + height);
  pen.lineTo(x - size, top + height);
  pen.fill();
}

function edges(plot: uPlot, { from, to }: Stretch): [number, number] {
  const { left, width } = plot.bbox;
  const clamp = (x: number) => Math.min(left + width, Math.max(left, x));
  return [clamp(plot.valToPos(from, 'x', true)), clamp(plot.valToPos(to, 'x', true))];
}
