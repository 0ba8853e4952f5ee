import { expect, test } from 'vitest';

const sources = import.meta.glob<string>('../**/*.{ts,tsx}', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const available = Object.keys(import.meta.glob('../../node_modules/@mantine/core/styles/*.css'));

test('every Mantine component in use brings its styles', () => {
  const styles = sources['./styles.ts'] ?? '';
  const used = Object.values(sources).flatMap((source) =>
    [...source.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)].flatMap(
      (found) => found[1]?.split(/,\s*/) ?? [],
    ),
  );
  const missing = [...new Set(used.map((name) => name.trim()))]
    .filter((name) => available.some((path) => path.endsWith(`/${name}.css`)))
    .filter((name) => !styles.includes(`/${name}.css'`));
  expect(available.length).toBeGreaterThan(50);
  expect(missing).toEqual([]);
});
