import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';
import { DOCUMENTS, proseOf, readDocument, ROOT, type Document } from '../support/documents.ts';

interface Link {
  /** `docs/clients.md -> configuration.md#the-log`, for the report. */
  readonly name: string;
  readonly path: string;
  readonly anchor: string | undefined;
}

function linksOf(document: Document): Link[] {
  return [...proseOf(document).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file, anchor] = target.split('#');
      const path = file ? normalize(join(dirname(document.path), file)) : document.path;
      return { name: `${document.path} -> ${target}`, path, anchor };
    });
}

/** Returns the anchors that GitHub makes of the headings. */
function anchorsOf(document: Document): string[] {
  return [...proseOf(document).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { files: string[] };
const PACKED = ['README.md', 'LICENSE', ...files];
const LINKS = DOCUMENTS.flatMap(linksOf);

it('every relative link of the documentation leads to a file of the package', () => {
  expect(LINKS.length).toBeGreaterThan(40);
  const broken = LINKS.filter(
    ({ path }) => !existsSync(join(ROOT, path)) || !PACKED.includes(path.split('/')[0]!),
  );
  expect(broken.map(({ name }) => name)).toEqual([]);
});

it('every anchor of the documentation leads to a heading', () => {
  const broken = LINKS.filter(
    ({ path, anchor }) => anchor !== undefined && !anchorsOf(readDocument(path)).includes(anchor),
  );
  expect(broken.map(({ name }) => name)).toEqual([]);
});

it('every picture of the console is shown, in the look of the reader, and has words for those who do not see it', () => {
  const { text } = readDocument('docs/console.md');
  const shown = [...text.matchAll(/(?:src|srcset)="images\/([^"]+)"/g)].map(([, name]) => name);
  expect(new Set(shown)).toEqual(new Set(readdirSync(join(ROOT, 'docs/images'))));
  expect([...text.matchAll(/ alt="[^"]{10,}"/g)]).toHaveLength(shown.length / 2);
});

it('the index in the README names every page', () => {
  const index = linksOf(readDocument('README.md')).map(({ path }) => path);
  expect(DOCUMENTS.map(({ path }) => path).filter((path) => !index.includes(path))).toEqual(['README.md']);
});

it('the README is short', () => {
  expect(readDocument('README.md').text.split('\n').length).toBeLessThanOrEqual(261);
});
