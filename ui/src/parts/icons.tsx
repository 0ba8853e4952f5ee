/**
 * The few icons, drawn in the text's colour at the text's size. Each always stands beside its word.
 */
import type { ReactNode } from 'react';

const SHAPES = {
  check: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M5.2 8.2l2 2 3.7-4.2" />
    </>
  ),
  half: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M8 1.8a6.2 6.2 0 0 1 0 12.4Z" fill="currentColor" />
    </>
  ),
  triangle: (
    <>
      <path d="M8 1.8l6.4 11.6H1.6Z" />
      <path d="M8 6.3v3.4M8 11.4v.1" />
    </>
  ),
  cross: (
    <>
      <path d="M5.3 1.8h5.4l3.5 3.5v5.4l-3.5 3.5H5.3l-3.5-3.5V5.3Z" />
      <path d="M5.8 5.8l4.4 4.4m0-4.4l-4.4 4.4" />
    </>
  ),
  dash: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M5 8h6" />
    </>
  ),
  question: (
    <>
      <circle cx="8" cy="8" r="6.2" strokeDasharray="2.4 2" />
      <path d="M6.3 6.3a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.9.6-.9 1.2M8 11.3v.1" />
    </>
  ),
  bell: (
    <>
      <path d="M3 11.5h10c-1-1-1.3-2-1.3-4.5a3.7 3.7 0 0 0-7.4 0c0 2.5-.3 3.5-1.3 4.5Z" />
      <path d="M6.7 13.7h2.6" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.5" />
      <path d="M10.5 10.5L14 14" />
    </>
  ),
  sun: (
    <>
      <circle cx="8" cy="8" r="3" />
      <path d="M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1" />
    </>
  ),
  moon: <path d="M13.5 9.7A6 6 0 0 1 6.3 2.5a6 6 0 1 0 7.2 7.2Z" />,
  system: (
    <>
      <rect x="1.8" y="2.8" width="12.4" height="8.4" rx="1" />
      <path d="M5.5 13.8h5" />
    </>
  ),
  keys: (
    <>
      <rect x="1.5" y="4" width="13" height="8.5" rx="1.2" />
      <path d="M4 6.8h.1M6.6 6.8h.1M9.3 6.8h.1M12 6.8h.1M4.8 9.8h6.4" />
    </>
  ),
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8.5" height="8.5" rx="1" />
      <path d="M3.5 10.5H2V2h8.5v1.5" />
    </>
  ),
  person: (
    <>
      <circle cx="8" cy="5.2" r="2.8" />
      <path d="M2.5 14c.5-3 2.7-4.4 5.5-4.4s5 1.4 5.5 4.4" />
    </>
  ),
  deploy: <path d="M8 3l5 9.5H3Z" fill="currentColor" />,
  broken: (
    <>
      <path d="M2 2l12 12" />
      <path d="M4.5 9.5A5 5 0 0 1 6 6M8.5 5.1a5 5 0 0 1 3 4.4M8 12.5v.1" />
    </>
  ),
  book: (
    <>
      <path d="M8 3.6C6.6 2.6 4.5 2.3 2 2.5v10c2.5-.2 4.6.1 6 1.1 1.4-1 3.5-1.3 6-1.1v-10c-2.5-.2-4.6.1-6 1.1Z" />
      <path d="M8 3.6v10" />
    </>
  ),
  lock: (
    <>
      <rect x="3" y="7" width="10" height="7" rx="1.2" />
      <path d="M5.3 7V5a2.7 2.7 0 0 1 5.4 0v2" />
    </>
  ),
  overview: (
    <>
      <rect x="2" y="2" width="5" height="7" rx="1" />
      <rect x="9" y="2" width="5" height="4" rx="1" />
      <rect x="2" y="11" width="5" height="3" rx="1" />
      <rect x="9" y="8" width="5" height="6" rx="1" />
    </>
  ),
  services: (
    <>
      <rect x="5.5" y="1.8" width="5" height="4" rx="1" />
      <rect x="1.5" y="10.2" width="5" height="4" rx="1" />
      <rect x="9.5" y="10.2" width="5" height="4" rx="1" />
      <path d="M8 5.8V8M4 10.2V8h8v2.2" />
    </>
  ),
  gauge: (
    <>
      <circle cx="8" cy="8" r="5" />
      <path d="M1 8h14" />
    </>
  ),
  gate: (
    <>
      <path d="M3 14V4.5M13 14V4.5M3 6.5h10" />
      <path d="M6.2 10l1.4 1.4 2.3-2.8" />
    </>
  ),
  admin: (
    <>
      <path d="M2 4.5h7M12.5 4.5H14M2 11.5h1.5M7 11.5h7" />
      <circle cx="10.7" cy="4.5" r="1.7" />
      <circle cx="5.3" cy="11.5" r="1.7" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M8 4.5V8l2.4 1.6" />
    </>
  ),
  pending: (
    <>
      <path d="M4 1.8h8M4 14.2h8M5 1.8c0 3.2 6 3.7 6 6.2s-6 3-6 6.2M11 1.8c0 3.2-6 3.7-6 6.2s6 3 6 6.2" />
    </>
  ),
  back: <path d="M9.5 3.5L5 8l4.5 4.5" />,
  down: <path d="M3.5 6L8 10.5 12.5 6" />,
  forward: <path d="M6.5 3.5L11 8l-4.5 4.5" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof SHAPES;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
      style={{ flex: 'none' }}
    >
      {SHAPES[name]}
    </svg>
  );
}

/** The mark of the house. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden style={{ flex: 'none' }}>
      <circle cx="16" cy="16" r="10" fill="none" stroke="currentColor" strokeWidth="3.2" />
      <path d="M7.6 16h16.8A8.4 8.4 0 0 1 7.6 16Z" fill="currentColor" />
      <path d="M1 16h30" stroke="currentColor" strokeWidth="3.2" />
    </svg>
  );
}
