/// Packs what the build made, so that the server hands it on as it is: to pack it anew for each browser
/// takes longer than to send it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const ASSETS = 'dist/assets';

for (const name of readdirSync(ASSETS).filter((name) => /\.(js|css|svg)$/.test(name))) {
  const path = `${ASSETS}/${name}`;
  writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
}
