/**
 * Numbers, durations and instants as text.
 *
 * Every figure carries its unit and shows no more digits than are known; what is undefined is a
 * dash, never a zero. A share that is not whole never reads as "100 %", one above nothing never as
 * "0 %".
 */

export const NOTHING = '–';

/** Between a number and its unit no line is broken. */
const NB = '\u00a0';

const MINUTE_MS = 60_000;

/** What is known of a share: the interval it lies in. */
export interface Bounds {
  worst?: number | null | undefined;
  best?: number | null | undefined;
}

type Maybe = number | null | undefined;

/** A share of one as per cent, with digits for what the bounds allow: `61 %`, `0.42 %`, `−85 %`. */
export function share(value: Maybe, bounds: Bounds = {}): string {
  if (value == null || !Number.isFinite(value)) return NOTHING;
  const percent = value * 100;
  if (percent === 0) return `0${NB}%`;
  const digits = shareDigits(percent, bounds);
  const rounded = round(percent, digits);
  if (rounded === 100 && percent < 100)
    return `${fixed(percent > 99.99 ? 99.99 : floor(percent, 2))}${NB}%`;
  if (rounded === 0 && percent !== 0) return `${fixed(Number(percent.toPrecision(1)))}${NB}%`;
  return `${fixed(rounded, digits)}${NB}%`;
}

/** A share someone wrote down, such as an objective: every digit of it. */
export function exactShare(value: Maybe): string {
  if (value == null || !Number.isFinite(value)) return NOTHING;
  return `${fixed(Number((value * 100).toPrecision(12)))}${NB}%`;
}

/** The interval of a share, or nothing where it is a point. */
export function interval({ worst, best }: Bounds): string | null {
  if (worst == null || best == null) return null;
  const [low, high] = [share(worst, { worst, best }), share(best, { worst, best })];
  return low === high ? null : `${low} to ${high}`;
}

/** A burn rate: `0.83×`, `14×`. */
export function burn(value: Maybe): string {
  if (value == null || !Number.isFinite(value)) return NOTHING;
  if (value === 0) return '0×';
  if (value >= 10) return `${grouped(Math.round(value))}×`;
  return `${fixed(Number(value.toPrecision(2)))}×`;
}

/** A factor of a policy: `14.4×`; scaled to another window it has no more digits than it needs. */
export function factor(value: number): string {
  return `${fixed(Number(value.toPrecision(4)))}×`;
}

/** A count of events, in groups of three; huge ones in millions. */
export function count(value: Maybe): string {
  if (value == null || !Number.isFinite(value)) return NOTHING;
  if (Math.abs(value) >= 1e8) return `${fixed(Number((value / 1e6).toPrecision(4)))}${NB}M`;
  return Number.isInteger(value) ? grouped(value) : grouped(round(value, 1));
}

/** A value as it was sampled, to six digits: a count, a share or seconds alike. */
export function sampled(value: Maybe): string {
  if (value == null || !Number.isFinite(value)) return NOTHING;
  if (Number.isInteger(value)) return grouped(value);
  const small = value !== 0 && Math.abs(value) < 1e-6;
  return small ? value.toExponential(3) : fixed(Number(value.toPrecision(6)));
}

/** A count for an axis: `1.2 k`, `3 M`. */
export function shortCount(value: number): string {
  const units: [number, string][] = [
    [1e9, `${NB}G`],
    [1e6, `${NB}M`],
    [1e3, `${NB}k`],
  ];
  const [size, unit] = units.find(([size]) => Math.abs(value) >= size) ?? [1, ''];
  return `${fixed(Number((value / size).toPrecision(3)))}${unit}`;
}

/** A size by its largest unit, in steps of 1024: `312 KiB`, `9.4 GiB`. */
export function bytes(size: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const step = size < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(size) / 10));
  const value = size / 1024 ** step;
  // What is left is never said to be more.
  const shown = step === 0 || value >= 100 ? Math.floor(value) : floor(value, 1);
  return `${fixed(shown)}${NB}${units[step]}`;
}

/** A probability: `0.04`, `3 × 10⁻⁷`, `< 10⁻¹²`. */
export function probability(value: number): string {
  if (value >= 0.001) return fixed(Number(value.toPrecision(2)));
  if (value < 1e-12) return '< 10⁻¹²';
  const exponent = Math.floor(Math.log10(value));
  const mantissa = Math.round(value / 10 ** exponent);
  const power = `10${superscript(mantissa === 10 ? exponent + 1 : exponent)}`;
  return mantissa === 1 || mantissa === 10 ? power : `${mantissa} × ${power}`;
}

/** A length of time in its two largest units: `90 s`, `3 h 20 min`, `5 d`. */
export function duration(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  if (seconds < 120) return `${seconds}${NB}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes}${NB}min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return join(`${hours}${NB}h`, minutes % 60, 'min');
  return join(`${Math.floor(hours / 24)}${NB}d`, hours >= 240 ? 0 : hours % 24, 'h');
}

/** A length of total outage, in the unit that people would say it in. */
export function outage(seconds: number): string {
  const said = (value: number, unit: string) => `${fixed(round(value, 2))}${NB}${unit}`;
  if (seconds < 60) return said(seconds, 's');
  if (seconds < 7_200) return said(seconds / 60, 'min');
  if (seconds < 86_400) return said(seconds / 3_600, 'h');
  return said(seconds / 86_400, 'd');
}

/** Minutes of a window, with the window: `43.2 min of 30 d`. */
export function minutesOf(minutes: number, window: string): string {
  const text =
    minutes < 1440
      ? `${fixed(Number(minutes.toPrecision(3)))}${NB}min`
      : duration(minutes * MINUTE_MS);
  return `${text} of ${windowText(window)}`;
}

const CALENDAR_UNITS: Record<string, [name: string, minutes: number]> = {
  d: ['day', 1440],
  w: ['week', 10_080],
  M: ['month', 43_200],
  Q: ['quarter', 129_600],
  Y: ['year', 525_600],
};

/** `1M` as its count and unit; null when it is no length of a calendar alone. */
export function calendarLength(window: string): { count: number; unit: string } | null {
  const [, count, letter = ''] = /^(\d+)([dwMQY])$/.exec(window) ?? [];
  const unit = CALENDAR_UNITS[letter];
  return unit === undefined ? null : { count: Number(count), unit: unit[0] };
}

/** `30d` as `30 d`, and `1M` as `1 month`. */
export function windowText(window: string): string {
  const calendar = /[MQY]$/.test(window) ? calendarLength(window) : null;
  if (calendar !== null)
    return `${calendar.count}${NB}${calendar.unit}${calendar.count === 1 ? '' : 's'}`;
  return window
    .replace(/(\d)([a-z])(?=\d|$)/g, `$1${NB}$2${NB}`)
    .replaceAll(`${NB}m${NB}`, `${NB}min${NB}`)
    .trimEnd();
}

/** `1h30m` in minutes, a month as 30 days; null when it is not a window. */
export function windowMinutes(window: string): number | null {
  const calendar = Object.entries(CALENDAR_UNITS).map(([letter, [, minutes]]) => [letter, minutes]);
  const units: Record<string, number> = { ...Object.fromEntries(calendar), h: 60, m: 1 };
  const parts = [...window.matchAll(/(\d+)\s*([YQMwdhm])/g)];
  if (parts.map((part) => part[0]).join('') !== window || parts.length === 0) return null;
  return parts.reduce((sum, part) => sum + Number(part[1]) * (units[part[2] ?? ''] ?? 0), 0);
}

/** How long ago, or how far ahead: `20 s ago`, `in 3 min`. */
export function relative(at: string, now: number): string {
  const distance = now - Date.parse(at);
  if (Math.abs(distance) < 2000) return 'just now';
  return distance > 0 ? `${duration(distance)} ago` : `in ${duration(distance)}`;
}

/** An instant in UTC to the second: `20 Nov 2026, 12:03:05 UTC`. */
export function utc(at: string | number): string {
  return `${instant(at, 'UTC')} UTC`;
}

/** The same in the reader's zone, with its name; null when that is UTC. */
export function local(at: string | number, zone = readerZone()): string | null {
  if (/^(UTC|Etc\/(UTC|GMT|UCT)|GMT)$/.test(zone)) return null;
  const name = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'short' })
    .formatToParts(new Date(at))
    .find((part) => part.type === 'timeZoneName');
  return `${instant(at, zone)} ${name?.value ?? zone}`;
}

/** UTC beside the reader's zone, for hovering. */
export function bothZones(at: string | number, zone?: string): string {
  const here = local(at, zone);
  return here === null ? utc(at) : `${utc(at)} · ${here}`;
}

/** The time of day in UTC: `12:03 UTC`. */
export function clock(at: string | number): string {
  return `${timeOfDay(at)}${NB}UTC`;
}

/** The day and the time in UTC, where the day does not go without saying: `20 Nov, 12:03 UTC`. */
export function dayAndClock(at: string | number): string {
  return `${shortDay(at)}, ${clock(at)}`;
}

/** The day in UTC, short: `4 Dec`. */
export function shortDay(at: string | number): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  }).format(new Date(at));
}

/** The same where its zone is said once for many. */
export function timeOfDay(at: string | number): string {
  return new Date(at).toISOString().slice(11, 16);
}

/** The day in UTC: `4 December`, with its year where that is another than now. */
export function day(at: string | number, now: number): string {
  const date = new Date(at);
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'long',
    ...(date.getUTCFullYear() === new Date(now).getUTCFullYear() ? {} : { year: 'numeric' }),
    timeZone: 'UTC',
  }).format(date);
}

/** Small whole numbers as words. */
export function inWords(n: number): string {
  const words = [
    'none',
    'one',
    'two',
    'three',
    'four',
    'five',
    'six',
    'seven',
    'eight',
    'nine',
    'ten',
    'eleven',
    'twelve',
  ];
  return words[n] ?? grouped(n);
}

function readerZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function instant(at: string | number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(new Date(at));
}

/** Two digits that matter below one per cent, one to ten, none above; fewer in a wide interval. */
function shareDigits(percent: number, { worst, best }: Bounds): number {
  const size = Math.abs(percent);
  const wanted = size >= 10 ? 0 : size >= 1 ? 1 : 2;
  if (worst == null || best == null) return wanted;
  const width = Math.abs(best - worst) * 100;
  return width === 0 ? wanted : Math.min(wanted, Math.max(0, Math.ceil(-Math.log10(width))));
}

function round(value: number, digits: number): number {
  return (
    Number(`${Math.round(Number(`${value}e${digits}`))}e-${digits}`) || roundTiny(value, digits)
  );
}

function roundTiny(value: number, digits: number): number {
  const scaled = Math.round(value * 10 ** digits) / 10 ** digits;
  return scaled === 0 ? 0 : scaled;
}

function floor(value: number, digits: number): number {
  return Math.floor(value * 10 ** digits) / 10 ** digits;
}

/**
 * Without exponent, with a true minus. JavaScript writes nearly every figure itself as it should
 * stand: to have the browser make a formatter takes longer than a row of a list.
 */
function fixed(value: number, digits?: number): string {
  const text = digits === undefined ? String(value) : value.toFixed(digits);
  return trueMinus(/^-?\d+(\.\d{1,12})?$/.test(text) ? text : figures(ALL_DIGITS, value));
}

/** In groups of three, with at most one digit behind the point. */
function grouped(value: number): string {
  const text = String(value);
  return /^-?\d+$/.test(text)
    ? trueMinus(text.replace(/\B(?=(\d{3})+$)/g, GROUP))
    : trueMinus(figures(ONE_DIGIT, value).replaceAll(',', GROUP));
}

/** Between groups of three, as SI has it: a narrow space. */
const GROUP = '\u202f';

const ALL_DIGITS = { maximumFractionDigits: 12, useGrouping: false };
const ONE_DIGIT = { maximumFractionDigits: 1 };

function figures(options: Intl.NumberFormatOptions, value: number): string {
  return value.toLocaleString('en-GB', options);
}

function trueMinus(text: string): string {
  return text.replace(/^-/, '−');
}

function join(large: string, rest: number, unit: string): string {
  return rest === 0 ? large : `${large}${NB}${rest}${NB}${unit}`;
}

function superscript(exponent: number): string {
  return `${exponent}`
    .replace('-', '⁻')
    .replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? digit);
}
