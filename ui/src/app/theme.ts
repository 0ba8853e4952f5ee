/**
 * The look in Mantine's terms: dense, calm, the system's fonts; the accent is ink blue and never a
 * status.
 */
import { createTheme, type MantineColorsTuple } from '@mantine/core';

const ink: MantineColorsTuple = [
  '#eef4fb',
  '#d9e6f4',
  '#b1cbe8',
  '#86afdc',
  '#6297d2',
  '#4b88cc',
  '#3c7fc9',
  '#2b6cb3',
  '#1f5fa8',
  '#14508f',
];

const dark: MantineColorsTuple = [
  '#e4e9ee',
  '#c9d2da',
  '#9eabb7',
  '#6d7985',
  '#3a444d',
  '#2b333b',
  '#20272e',
  '#171c21',
  '#101418',
  '#0b0e11',
];

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 8, dark: 7 },
  colors: { ink, dark },
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "DejaVu Sans", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.3' },
      h2: { fontSize: '1rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'sm',
  cursorType: 'pointer',
});
