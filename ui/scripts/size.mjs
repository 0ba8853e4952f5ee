/// Prints what each page loads at first, compressed, and fails when one is above the limit: what
/// index.html asks for, the page's own chunk, what stands around a page of the admin's area, and all
/// that these import.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT_KB = 240;
const ASSETS = 'dist/assets';

const files = readdirSync(ASSETS).filter((name) => /\.(js|css)$/.test(name));
const texts = new Map(files.map((name) => [name, readFileSync(`${ASSETS}/${name}`, 'utf8')]));
const index = readFileSync('dist/index.html', 'utf8');
const entry = closure(files.filter((name) => index.includes(name)));

const ADMIN =
  /^(Audit|Notifications|People|Receivers|Storage|Teams|Telemetry|Tokens|Webhooks|ReceiverPage|TeamPage)-/;
const frame = files.filter((name) => /^AdminPage-.*\.js$/.test(name));
const pages = files.filter(
  (name) => name.endsWith('.js') && (/^\w+(Page|List)-/.test(name) || ADMIN.test(name)),
);
if (pages.length === 0) throw new Error('no page has a chunk of its own');
for (const page of pages) {
  const name = page.replace(/-.*/, '');
  const styles = files.filter((file) => file.startsWith(`${name}-`) && file.endsWith('.css'));
  const kb = size(
    new Set([...entry, ...closure([page, ...(ADMIN.test(page) ? frame : [])]), ...styles]),
  );
  console.log(`${kb.toFixed(1).padStart(7)} kB of ${LIMIT_KB}  ${name}`);
  if (kb > LIMIT_KB) process.exitCode = 1;
}

/// The files and what they import, and so on.
function closure(names) {
  const found = new Set();
  const look = (name) => {
    if (found.has(name)) return;
    found.add(name);
    for (const [, imported] of texts.get(name).matchAll(/(?:from|import)\s*["']\.\/([\w.-]+)["']/g))
      look(imported);
  };
  names.forEach(look);
  return found;
}

function size(names) {
  return (
    [...names].reduce((sum, name) => sum + gzipSync(texts.get(name), { level: 9 }).length, 0) / 1024
  );
}
