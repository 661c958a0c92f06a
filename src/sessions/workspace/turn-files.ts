import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createId } from '../../base/ids.ts';
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
  /** Paths that a limit left out: their changes are not known. */
  readonly skipped: readonly SkippedPath[];
}

/** Files of one kind, each named by a turn. */
export interface TurnFiles<T> {
  save(turnId: string, value: T): Promise<void>;
  /** Returns undefined if there is no such file, or none that can be read. */
  load(turnId: string): Promise<T | undefined>;
  remove(turnId: string): Promise<void>;
  list(): Promise<string[]>;
}

/** Returns the files of the changes of finished turns. */
export function createChangesFiles(folder: string): TurnFiles<TurnChanges> {
  return createTurnFiles(folder, {
    encode: (turn) => JSON.stringify(turn),
    decode: (text) => JSON.parse(text) as TurnChanges,
  });
}

/** Returns the files of the snapshots of running turns. */
export function createSnapshotFiles(folder: string): TurnFiles<Snapshot> {
  return createTurnFiles(folder, {
    encode: (snapshot) => JSON.stringify({ ...snapshot, entries: [...snapshot.entries] }),
    decode(text) {
      const kept = JSON.parse(text) as Omit<Snapshot, 'entries'> & { readonly entries: [string, Entry][] };
      return { ...kept, entries: new Map(kept.entries) };
    },
  });
}

interface Form<T> {
  encode(value: T): string;
  decode(text: string): T;
}

function createTurnFiles<T>(folder: string, { encode, decode }: Form<T>): TurnFiles<T> {
  const pathOf = (turnId: string) => {
    if (!/^[\w-]{1,100}$/.test(turnId))
      throw new TypeError('The id of a turn is not one that can name a file.');
    return join(folder, `${turnId}.json`);
  };
  return {
    async save(turnId, value) {
      const path = pathOf(turnId);
      const draft = join(folder, createId('draft-'));
      await mkdir(folder, { recursive: true, mode: 0o700 });
      try {
        await writeFile(draft, encode(value), { mode: 0o600, flag: 'wx' });
        await rename(draft, path);
      } finally {
        await rm(draft, { force: true });
      }
    },
    async load(turnId) {
      try {
        return decode(await readFile(pathOf(turnId), 'utf8'));
      } catch {
        return undefined;
      }
    },
    remove: (turnId) => rm(pathOf(turnId), { force: true }),
    async list() {
      const names = await readdir(folder).catch(() => []);
      return names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
    },
  };
}
