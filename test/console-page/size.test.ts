import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { PAGES } from '../../console/app/pages.ts';
import { ROOT } from '../support/documents.ts';

/** Most bytes that a browser loads for the first page it opens, compressed. */
const MAX_BYTES = 150_000;

interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly assets?: readonly string[];
  readonly imports?: readonly string[];
}

const FOLDER = join(ROOT, 'dist/page');
const CHUNKS = JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8')) as Record<string, Chunk>;

/** Returns the files that a chunk needs before it runs, without those that it loads later. */
function filesOf(name: string, seen = new Set<string>()): string[] {
  if (seen.has(name)) return [];
  seen.add(name);
  const { file, css = [], assets = [], imports = [] } = CHUNKS[name]!;
  return [file, ...css, ...assets, ...imports.flatMap((imported) => filesOf(imported, seen))];
}

const compressedSize = (file: string) => gzipSync(readFileSync(join(FOLDER, file))).byteLength;

it.each(PAGES.map(({ id }) => id))('a browser that opens %s first loads at most 150 kB', (id) => {
  const files = new Set(['index.html', ...filesOf('index.html'), ...filesOf(`pages/${id}/page.tsx`)]);
  const bytes = [...files].reduce((sum, file) => sum + compressedSize(file), 0);
  expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
});
