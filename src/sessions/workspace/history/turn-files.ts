import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createId } from '../../../base/ids.ts';
import type { FileChange } from './changes.ts';
import type { Entry, SkippedPath } from './entry.ts';
import type { Snapshot } from './snapshot.ts';

/** Changes that a turn made in its workspace. */
export interface TurnChanges {
  readonly turnId: string;
  readonly workspace: string;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  readonly changes: readonly FileChange[];
  /** Paths that a limit left out, as far as a list of them is of use. */
  readonly skipped: readonly SkippedPath[];
  /** Number of all paths that a limit left out. */
  readonly skippedCount: number;
}

/** Files of one kind, each named by a turn. */
export interface TurnFiles<T> {
  save(turnId: string, value: T): Promise<void>;
  /** Returns undefined if there is no such file, or none that can be read. */
  load(turnId: string): Promise<T | undefined>;
  remove(turnId: string): Promise<void>;
  /** Returns the turns and the bytes of their files. */
  list(): Promise<ReadonlyMap<string, number>>;
}

/** Returns the files of the changes of finished turns. */
export function createChangesFiles(folder: string): TurnFiles<TurnChanges> {
  return createTurnFiles<TurnChanges, FileChange>(folder, {
    split: ({ changes, ...head }) => ({ head, rows: changes }),
    join: (head, changes) => ({ ...(head as Omit<TurnChanges, 'changes'>), changes }),
  });
}

/** Returns the files of the snapshots of running turns. */
export function createSnapshotFiles(folder: string): TurnFiles<Snapshot> {
  return createTurnFiles<Snapshot, [string, Entry]>(folder, {
    split: ({ entries, ...head }) => ({ head, rows: entries }),
    join: (head, rows) => ({ ...(head as Omit<Snapshot, 'entries'>), entries: new Map(rows) }),
  });
}

/** Splits a value into a head and many rows, and each becomes a line: a workspace is large. */
interface Form<T, Row> {
  split(value: T): { readonly head: object; readonly rows: Iterable<Row> };
  join(head: unknown, rows: readonly Row[]): T;
}

const SUFFIX = '.jsonl';

function createTurnFiles<T, Row>(folder: string, { split, join: joinRows }: Form<T, Row>): TurnFiles<T> {
  const pathOf = (turnId: string) => {
    if (!/^[\w-]{1,100}$/.test(turnId)) throw new TypeError('The id of a turn cannot name a file.');
    return join(folder, `${turnId}${SUFFIX}`);
  };
  return {
    async save(turnId, value) {
      const path = pathOf(turnId);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const draft = join(folder, createId('draft-'));
      try {
        const { head, rows } = split(value);
        await pipeline(formatLines(head, rows), createWriteStream(draft, { mode: 0o600, flags: 'wx' }));
        await rename(draft, path);
      } finally {
        await rm(draft, { force: true });
      }
    },
    async load(turnId) {
      try {
        const [head, ...rows] = await readLines(pathOf(turnId));
        return head === undefined ? undefined : joinRows(head, rows as Row[]);
      } catch {
        return undefined;
      }
    },
    remove: (turnId) => rm(pathOf(turnId), { force: true }),
    async list() {
      const bytes = new Map<string, number>();
      for (const name of await readdir(folder).catch(() => [])) {
        const found = name.endsWith(SUFFIX) && (await stat(join(folder, name)).catch(() => undefined));
        if (found) bytes.set(name.slice(0, -SUFFIX.length), found.size);
      }
      return bytes;
    },
  };
}

const LINES_AT_ONCE = 200;

function* formatLines(head: object, rows: Iterable<unknown>): Generator<string> {
  let lines = [JSON.stringify(head)];
  for (const row of rows) {
    lines.push(JSON.stringify(row));
    if (lines.length < LINES_AT_ONCE) continue;
    yield `${lines.join('\n')}\n`;
    lines = [];
  }
  yield `${lines.join('\n')}${lines.length === 0 ? '' : '\n'}`;
}

/** Reads values, one a line. Only a newline ends a line: other separators may be part of a name. */
async function readLines(path: string): Promise<unknown[]> {
  const values: unknown[] = [];
  let rest = '';
  for await (const piece of createReadStream(path, 'utf8') as AsyncIterable<string>) {
    const lines = `${rest}${piece}`.split('\n');
    rest = lines.pop()!;
    for (const line of lines) values.push(JSON.parse(line));
  }
  // A file that is complete ends with a newline.
  if (rest !== '') throw new SyntaxError('the last line has no end');
  return values;
}
