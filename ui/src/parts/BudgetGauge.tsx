/**
 * What is left of a budget, as the load line: the water is what is left, the lighter band the
 * interval between worst and best, and the line across the disc is where health ends, half unless
 * the policy says otherwise: under it a budget needs care. The same drawing small in a list and large
 * on a page, where a ladder names the marks.
 *
 * A disc without water, in red, is overspent. Hatched is what nobody knows, and what was left when
 * the data ended.
 */
import { useId } from 'react';
import { interval, share } from '../app/format';
import type { Marks } from '../api/types';
import { CENTRE, chord, ladder, levels, RADIUS, slice, type Levels } from './gauge';
import { isKnown, statusFill, statusInk } from './status';

interface Props {
  left: number | null | undefined;
  worst?: number | null | undefined;
  best?: number | null | undefined;
  status: string;
  /** Where the policy has the statuses begin. */
  marks?: Marks | undefined;
  size: number;
}

/** From this size on there is room for the ladder. */
const LARGE = 100;
/** What the ladder takes beside the disc, in the units of the drawing. */
const LADDER = 34;

export function BudgetGauge({ left, worst, best, status, marks, size }: Props) {
  const steps = ladder(marks);
  const water = levels(left, worst, best);
  const rim = size < 48 ? 7 : size < LARGE ? 5 : 3.5;
  const large = size >= LARGE;
  const width = large ? 100 + LADDER : 100;
  return (
    <svg
      viewBox={`0 0 ${width} 100`}
      width={(size * width) / 100}
      height={size}
      role="img"
      aria-label={spoken(left, worst, best)}
      style={{ flex: 'none' }}
    >
      <circle cx={CENTRE} cy={CENTRE} r={RADIUS} fill="var(--surface)" />
      {left != null && left < 0 && (
        <circle cx={CENTRE} cy={CENTRE} r={RADIUS} fill={statusFill(status)} fillOpacity={0.2} />
      )}
      {water === null ? <Unknown /> : <Water water={water} status={status} rim={rim} />}
      <circle
        cx={CENTRE}
        cy={CENTRE}
        r={RADIUS}
        fill="none"
        stroke={statusInk(status)}
        strokeWidth={rim}
      />
      <path d={loadLine(steps)} stroke={statusInk(status)} strokeWidth={rim} />
      {large && <Ladder steps={steps} />}
    </svg>
  );
}

/** Within the rim, so that the last of the water is still seen. */
function Water({ water, status, rim }: { water: Levels; status: string; rim: number }) {
  const radius = RADIUS - rim / 2;
  const hatch = useId();
  const known = isKnown(status);
  const fill = known ? statusFill(status) : `url(#${hatch})`;
  const surface = chord(water.level, radius, CENTRE);
  return (
    <>
      {!known && <Hatch id={hatch} />}
      <path d={slice(0, water.sure, radius, CENTRE)} fill={fill} fillOpacity={0.85} />
      <path
        d={slice(water.sure, water.hoped, radius, CENTRE)}
        fill={fill}
        // Hatching is faint by itself, and nothing would be left of it.
        fillOpacity={known ? 0.3 : 0.7}
      />
      {water.hoped > water.sure && (
        <path
          d={`M${surface.left} ${surface.y}H${surface.right}`}
          stroke={statusInk(status)}
          strokeWidth={1.5}
        />
      )}
    </>
  );
}

/** Unknown is grey with a pattern, so that it is not taken for an empty budget. */
function Unknown() {
  const id = useId();
  return (
    <>
      <Hatch id={id} />
      <circle cx={CENTRE} cy={CENTRE} r={RADIUS} fill={`url(#${id})`} />
    </>
  );
}

function Hatch({ id }: { id: string }) {
  return (
    <pattern
      id={id}
      width="9"
      height="9"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <path d="M0 0V9" stroke="var(--unknown-fill)" strokeWidth="5" />
    </pattern>
  );
}

/** The marks beside the disc, as a hull has them: the load line, whole, where statuses begin, nothing. */
function Ladder({ steps }: { steps: number[] }) {
  const x = CENTRE + RADIUS + 12;
  const top = chord(1, RADIUS, CENTRE).y;
  const bottom = chord(0, RADIUS, CENTRE).y;
  return (
    <g stroke="var(--ink-dim)" strokeWidth={0.8} fill="var(--ink-dim)" aria-hidden>
      <path d={`M${x} ${top}V${bottom}`} />
      {steps.map((share, step) => {
        const { y } = chord(share, RADIUS, CENTRE);
        return (
          <g key={share}>
            <path d={`M${x} ${y}h${step === 0 ? 7 : 4}`} />
            <text x={x + 10} y={y + 2.6} fontSize={7.5} stroke="none">
              {Math.round(share * 1000) / 10}
            </text>
          </g>
        );
      })}
    </g>
  );
}

function loadLine([line = 0]: number[]): string {
  const y = chord(line, RADIUS, CENTRE).y;
  return `M2 ${y}H98`;
}

function spoken(left: Props['left'], worst: Props['worst'], best: Props['best']): string {
  if (left == null) return 'Budget left: unknown';
  const range = interval({ worst, best });
  return `Budget left: ${share(left, { worst, best })}${range === null ? '' : `, between ${range.replace(' to ', ' and ')}`}`;
}
