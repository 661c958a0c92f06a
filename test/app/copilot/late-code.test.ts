import { readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Imports that load something at once, unlike those of types and `import()`. */
const IMPORT = /^(?:import|export) (?!type\b)[^;]*?from '([^']+)'|^import '([^']+)'/gm;

/** Everything that is loaded with a file: paths of our own files, and names of packages. */
function loadedWith(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const [, named, bare] of readFileSync(join(ROOT, file), 'utf8').matchAll(IMPORT)) {
    const specifier = named ?? bare!;
    if (specifier.startsWith('.')) loadedWith(normalize(join(file, '..', specifier)), found);
    else found.add(specifier);
  }
  return found;
}

it.each(['src/app/compose.ts', 'src/cli/main.ts', 'src/app/copilot/serve-copilot.ts'])(
  '%s starts without the code of the Copilot adapter and without a client for it',
  (file) => {
    const loaded = loadedWith(file);
    expect(loaded.size).toBeGreaterThan(10);
    for (const late of ['src/upstream/copilot/adapter.ts', 'undici', 'node:http', 'node:https']) {
      expect(loaded).not.toContain(late);
    }
  },
);

it.each(['src/upstream/copilot/adapter.ts', 'src/app/copilot/child-listener.ts'])(
  '%s is loaded without the client, which comes with the first request',
  (file) => {
    for (const late of ['undici', 'node:http']) expect(loadedWith(file)).not.toContain(late);
  },
);
