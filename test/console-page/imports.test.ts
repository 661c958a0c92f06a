import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/documents.ts';
import { readSource, type SourceImport } from '../support/read-source.ts';

interface PageRoom {
  /** Rooms of the page that it may import from; `pages` stands for each folder in it. */
  readonly rooms: readonly string[];
  readonly packages: readonly string[];
}

const VIEW = ['preact', 'preact/compat', 'preact/hooks', '@preact/signals'];

/** The rooms of the page: whatever is not listed is forbidden. */
const PAGE_ROOMS: Readonly<Record<string, PageRoom>> = {
  '.': { rooms: ['app'], packages: ['preact', 'vite'] },
  format: { rooms: [], packages: [] },
  api: { rooms: [], packages: ['@preact/signals', 'eventsource-parser'] },
  parts: {
    rooms: ['api', 'format'],
    packages: [...VIEW, 'diff', 'dompurify', 'highlight.js', 'marked', 'uplot'],
  },
  app: { rooms: ['api', 'format', 'parts'], packages: VIEW },
  pages: { rooms: ['api', 'app', 'format', 'parts'], packages: [...VIEW, 'eventsource-parser'] },
};

/** Folders of the gateway whose types the page may use; nothing of them is in the built page. */
const TYPES_OF = ['src/console/contract/', 'src/sessions/events/'];

const FILES = readdirSync(join(ROOT, 'console'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => `console/${path}`);

interface Import extends SourceImport {
  readonly file: string;
}

const IMPORTS: readonly Import[] = FILES.flatMap((file) =>
  readSource(file, readFileSync(join(ROOT, file), 'utf8')).imports.map((entry) => ({ ...entry, file })),
);

const roomOf = (file: string) => {
  const [, room] = file.split('/');
  return room === undefined || room.includes('.') ? '.' : room;
};
/** The folder of one of the pages, which no other page looks into. */
const pageOf = (file: string) => (roomOf(file) === 'pages' ? file.split('/')[2] : undefined);
const targetOf = ({ file, specifier = '' }: Import) => normalize(join(dirname(file), specifier));

function isAllowed(entry: Import): boolean {
  const { file, specifier, typeOnly } = entry;
  const room = PAGE_ROOMS[roomOf(file)];
  if (room === undefined || specifier === undefined) return false;
  if (!specifier.startsWith('.')) return room.packages.some((name) => isOf(name, specifier));
  const target = targetOf(entry);
  if (target.startsWith('src/')) return typeOnly && TYPES_OF.some((folder) => target.startsWith(folder));
  // The list of pages loads each when it is first opened.
  if (file === 'console/app/pages.ts' && roomOf(target) === 'pages') return true;
  // Parts ask what this browser may do.
  if (target === 'console/app/session.ts' && roomOf(file) === 'parts') return true;
  return roomOf(target) === roomOf(file)
    ? pageOf(target) === pageOf(file)
    : roomOf(target) === 'styles' || room.rooms.includes(roomOf(target));
}

/** Parts of a package may be named, such as its styles. */
function isOf(name: string, specifier: string): boolean {
  return specifier === name || (!name.startsWith('preact') && specifier.startsWith(`${name}/`));
}

function findCycle(): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path, file];
    if (done.has(file)) return undefined;
    const next = IMPORTS.filter(
      (entry) => entry.file === file && !entry.typeOnly && file !== 'console/app/pages.ts',
    );
    for (const entry of next) {
      const cycle = visit(targetOf(entry), [...path, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return undefined;
  };
  return FILES.map((file) => visit(file, [])).find((cycle) => cycle !== undefined);
}

describe('the page of the console', () => {
  it('imports only what the table allows: its own rooms, its packages, and types of the contract', () => {
    expect(IMPORTS.length).toBeGreaterThan(100);
    const forbidden = IMPORTS.filter((entry) => !isAllowed(entry));
    expect(forbidden.map(({ file, specifier }) => `${file} -> ${specifier}`)).toEqual([]);
  });

  it('has no circular imports', () => {
    expect(findCycle()).toBeUndefined();
  });

  it('has no files of more than 250 lines', () => {
    const long = FILES.filter((file) => readFileSync(join(ROOT, file), 'utf8').split('\n').length > 251);
    expect(long).toEqual([]);
  });

  it('inserts HTML only where the sanitizer is, and evaluates nothing', () => {
    const inserts = /\b(?:\w+HTML\b|document\.write|eval\(|new Function|setTimeout\(['"`])/;
    const uses = FILES.map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }))
      .filter(({ text }) => inserts.test(text))
      .filter(({ text }) => !text.includes("'dompurify'"));
    expect(uses.map(({ file }) => file)).toEqual([]);
  });
});
