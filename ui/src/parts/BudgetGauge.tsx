/**
 * What is left of a budget, as the load line: the water is what is left, the lighter band the
 * interval between worst and best. The same drawing small in a list and large on a page.
 */
import { useId } from 'react';
import { interval, share } from '../app/format';
import { chord, levels, LOAD_LINE, slice, type Levels } from './gauge';
import { statusInk, statusFill } from './status';

interface Props {
  left: number | null | undefined;
  worst?: number | null | undefined;
  best?: number | null | undefined;
  status: string;
  size: number;
}

/** Drawn in a box of 100, so that the line can reach beyond the circle. */
const CENTRE = 50;
const RADIUS = 36;

export function BudgetGauge({ left, worst, best, status, size }: Props) {
  const water = levels(left, worst, best);
  const rim = size < 48 ? 7 : 4;
  return (
    <svg
      viewBox="0 0 100 100"
      width={size}
      height={size}
      role="img"
      aria-label={spoken(left, worst, best)}
      style={{ flex: 'none' }}
    >
      <circle cx={CENTRE} cy={CENTRE} r={RADIUS} fill="var(--surface)" />
      {water === null ? <Unknown /> : <Water water={water} status={status} rim={rim} />}
      <circle
        cx={CENTRE}
        cy={CENTRE}
        r={RADIUS}
        fill="none"
        stroke={statusInk(status)}
        strokeWidth={rim}
      />
      <path d={loadLine()} stroke={statusInk(status)} strokeWidth={rim} />
    </svg>
  );
}

/** Within the rim, so that the last of the water is still seen. */
function Water({ water, status, rim }: { water: Levels; status: string; rim: number }) {
  const radius = RADIUS - rim / 2;
  const fill = statusFill(status);
  const surface = chord(water.level, radius, CENTRE);
  return (
    <>
      <path d={slice(0, water.sure, radius, CENTRE)} fill={fill} fillOpacity={0.85} />
      <path d={slice(water.sure, water.hoped, radius, CENTRE)} fill={fill} fillOpacity={0.3} />
      {water.hoped > water.sure && (
        <path
          d={`M${surface.left} ${surface.y}H${surface.right}`}
          stroke={fill}
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
      <pattern
        id={id}
        width="9"
        height="9"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <path d="M0 0V9" stroke="var(--unknown-fill)" strokeWidth="5" />
      </pattern>
      <circle cx={CENTRE} cy={CENTRE} r={RADIUS} fill={`url(#${id})`} />
    </>
  );
}

function loadLine(): string {
  const y = chord(LOAD_LINE, RADIUS, CENTRE).y;
  return `M2 ${y}H98`;
}

function spoken(left: Props['left'], worst: Props['worst'], best: Props['best']): string {
  if (left == null) return 'Budget left: unknown';
  const range = interval({ worst, best });
  return `Budget left: ${share(left, { worst, best })}${range === null ? '' : `, between ${range.replace(' to ', ' and ')}`}`;
}
