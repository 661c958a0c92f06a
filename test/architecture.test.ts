import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Room {
  /** Rooms it may import from. */
  readonly rooms: readonly string[];
  /** Packages it may import. */
  readonly packages: readonly string[];
  /** Whether it may use Node's own modules. */
  readonly node: boolean;
}

/** The house: whatever is not listed is forbidden. */
const ROOMS: Readonly<Record<string, Room>> = {
  base: { rooms: [], packages: [], node: false },
  conversation: { rooms: ['base'], packages: [], node: false },
  openai: { rooms: ['base', 'conversation'], packages: ['zod'], node: false },
  codex: {
    rooms: ['base', 'conversation', 'generated'],
    packages: ['execa', 'smol-toml', 'vscode-jsonrpc/node', 'zod'],
    node: true,
  },
  gateway: { rooms: ['base', 'conversation'], packages: [], node: false },
  http: {
    rooms: ['base', 'conversation', 'openai', 'gateway'],
    packages: ['koa', '@koa/router', 'koa-body'],
    node: true,
  },
  demo: { rooms: ['base'], packages: [], node: true },
  app: {
    rooms: ['base', 'conversation', 'openai', 'codex', 'gateway', 'http', 'demo'],
    packages: ['pino', 'zod'],
    node: true,
  },
  cli: { rooms: ['base', 'app'], packages: ['commander'], node: true },
};

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => join('src', file));

const sources = new Map(files.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));

function importsOf(file: string): Import[] {
  const pattern = /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'|import\('([^']+)'\)/g;
  return [...sources.get(file)!.matchAll(pattern)].map(([, type, from, dynamic]) => ({
    file,
    specifier: (from ?? dynamic)!,
    typeOnly: type !== undefined,
  }));
}

const imports = files.flatMap(importsOf);
const roomOf = (file: string) => file.split('/')[1]!;
const targetOf = ({ file, specifier }: Import) => normalize(join(dirname(file), specifier));

function isAllowed(entry: Import): boolean {
  const room = ROOMS[roomOf(entry.file)]!;
  if (entry.specifier.startsWith('node:')) return room.node;
  if (!entry.specifier.startsWith('.')) return room.packages.includes(entry.specifier);
  const target = targetOf(entry);
  if (target.startsWith('generated/')) return entry.typeOnly && room.rooms.includes('generated');
  return target.startsWith('src/') && [roomOf(entry.file), ...room.rooms].includes(roomOf(target));
}

function findCycle(): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) return [...path, file];
    if (done.has(file)) return undefined;
    for (const entry of importsOf(file)) {
      if (!entry.specifier.startsWith('.')) continue;
      const cycle = sources.has(targetOf(entry)) ? visit(targetOf(entry), [...path, file]) : undefined;
      if (cycle) return cycle;
    }
    done.add(file);
    return undefined;
  };
  return files.map((file) => visit(file, [])).find((cycle) => cycle !== undefined);
}

const filesWith = (pattern: RegExp) => files.filter((file) => pattern.test(sources.get(file)!));

describe('the house', () => {
  it('has the rooms that the table lists, and all of them', () => {
    expect(readdirSync(join(ROOT, 'src')).toSorted()).toEqual(Object.keys(ROOMS).toSorted());
  });

  it('every import is allowed', () => {
    expect(imports.length).toBeGreaterThan(200);
    const forbidden = imports.filter((entry) => !isAllowed(entry));
    expect(forbidden.map(({ file, specifier }) => `${file} -> ${specifier}`)).toEqual([]);
  });

  it('no import runs in a circle', () => {
    expect(findCycle()).toBeUndefined();
  });

  it('only app/config.ts reads the environment', () => {
    expect(filesWith(/process\.env|\benv\b.*from 'node:process'/)).toEqual(['src/app/config.ts']);
  });

  it('only cli writes to the console', () => {
    const printing = filesWith(/\bconsole\.|process\.(stdout|stderr)/);
    expect(printing.filter((file) => !file.startsWith('src/cli/'))).toEqual([]);
  });

  it('has no file of a kind that hides what it holds', () => {
    const hiding = files.filter((file) => /\/(index|utils?|helpers?|misc|common)\.ts$/.test(file));
    expect(hiding).toEqual([]);
    expect(filesWith(/export default/)).toEqual([]);
  });
});

it('every test of a room lies in the folder of that room', () => {
  const folders = readdirSync(join(ROOT, 'test'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  const others = ['bench', 'e2e', 'live', 'support'];
  expect(folders.filter((name) => !(name in ROOMS) && !others.includes(name))).toEqual([]);
});

it('the lockfile names no download addresses', () => {
  expect(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
});
