/// Has the browser read the app's code from the beginning: index.html names, beside the small module
/// that runs first, what this one imports once it runs. A browser that learned of it only then would
/// begin to read it later.
import type { Plugin, Rolldown } from 'vite';

/** Names in index.html the file of a module, and all that it imports. */
export function preload(module: string): Plugin {
  return {
    name: 'preload',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
        const start = chunks.find((chunk) => chunk.moduleIds.some((id) => id.endsWith(module)));
        if (start === undefined) throw new Error(`no file has ${module}`);
        const files = closure(start, chunks).map(({ fileName }) => `/${fileName}`);
        return files
          .filter((file) => !html.includes(file))
          .map((href) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href },
            injectTo: 'head',
          }));
      },
    },
  };
}

/** A chunk and what it needs, each once. */
function closure(
  start: Rolldown.OutputChunk,
  chunks: Rolldown.OutputChunk[],
): Rolldown.OutputChunk[] {
  const found = new Set([start]);
  // What is added while a set is walked is walked, too.
  for (const { imports } of found) {
    for (const chunk of chunks) if (imports.includes(chunk.fileName)) found.add(chunk);
  }
  return [...found];
}
