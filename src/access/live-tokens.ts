import { stat } from 'node:fs/promises';
import { messageOf } from '../base/errors.ts';
import type { Observer } from '../base/observation.ts';
import { readRevoked } from './revoked-digests.ts';
import { createSharedLook } from './shared-look.ts';
import { readTokens, type BrokenToken, type TokenList } from './token-folder.ts';
import type { TokenEntry } from './token-entry.ts';

/** The named tokens as their folder has them now. */
export interface LiveTokens {
  /**
   * Reads the folder again if it may have changed; resolves when `entries` is as new as `MAX_AGE_MS` allows, or when the disk
   * has not answered for about a second.
   */
  refresh(): Promise<void>;
  /** Does the same for what has changed up to now. */
  refreshNow(): Promise<void>;
  entries(): readonly TokenEntry[];
  /** Returns true if the disk has not answered yet, so that tokens may be missing. */
  isLate(): boolean;
  /** Returns true if there may be tokens that could not be read. */
  isIncomplete(): boolean;
  /** Returns true for the digest of a token that was revoked. */
  wasRevoked(digest: Buffer): boolean;
  /** Calls back for each token that is added or revoked, once that is read. */
  onChange(listener: () => void): void;
}

/** Milliseconds for which a look at the folder holds: a token that is revoked is refused well within a second. */
const MAX_AGE_MS = 200;

/** Milliseconds after which the files are read although their folder looks the same: one may have been edited in its place. */
const REREAD_MS = 5_000;

/** Milliseconds after a change within which another one may have left the same time on the folder. */
const RACY_MS = 3_000;

/** Reads tokens when they are used: it needs no watcher, which network file systems and containers do not support. */
export function createLiveTokens(folder: string, observer: Observer): LiveTokens {
  let entries: readonly TokenEntry[] = [];
  let revoked: ReadonlySet<string> = new Set();
  let isIncomplete = false;
  let lookedAt = -Infinity;
  let readAt = -Infinity;
  let stamp = '';
  const reports = createReports(observer);
  const changes = createChangeListeners();

  const look = createSharedLook(async () => {
    const begin = performance.now();
    try {
      const found = await stampOf(folder);
      if (found.isSettled && found.stamp === stamp && begin - readAt < REREAD_MS) return;
      const list = await readTokens(folder);
      revoked = await readRevoked(folder);
      const before = entries;
      entries = withLastGood(list, before);
      isIncomplete = list.broken.length > 0;
      reports.note(list.broken);
      stamp = found.stamp;
      readAt = begin;
      changes.compare(before, entries);
    } catch (error) {
      // The last good list holds.
      isIncomplete = true;
      const problem = (error as NodeJS.ErrnoException).code ?? messageOf(error);
      reports.note([{ name: '*', problem }]);
    } finally {
      lookedAt = begin;
    }
  });

  return {
    entries: () => entries,
    isLate: look.isLate,
    isIncomplete: () => isIncomplete || look.isLate(),
    wasRevoked: (digest) => revoked.has(digest.toString('hex')),
    onChange: changes.add,
    async refresh() {
      if (performance.now() - lookedAt < MAX_AGE_MS) return;
      await look.run();
    },
    async refreshNow() {
      // A look that has begun may have missed the change.
      await look.join();
      await look.run();
    },
  };
}

/** Creates a list of those who want to know of added and revoked tokens. */
export function createChangeListeners() {
  const listeners: (() => void)[] = [];
  return {
    add: (listener: () => void) => void listeners.push(listener),
    compare(before: readonly TokenEntry[], now: readonly TokenEntry[]): void {
      const known = new Set(before.map(({ id }) => id));
      if (before.length === now.length && now.every(({ id }) => known.has(id))) return;
      for (const listen of listeners) listen();
    },
  };
}

interface Stamp {
  readonly stamp: string;
  /** False if a further change could leave the same stamp. */
  readonly isSettled: boolean;
}

async function stampOf(folder: string): Promise<Stamp> {
  try {
    const { ino, mtimeNs, mtimeMs } = await stat(folder, { bigint: true });
    const age = Date.now() - Number(mtimeMs);
    return { stamp: `${ino}.${mtimeNs}`, isSettled: age > RACY_MS };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    return { stamp: 'none', isSettled: true };
  }
}

/** Keeps the last good content of files that are broken. */
function withLastGood({ entries, broken }: TokenList, before: readonly TokenEntry[]): readonly TokenEntry[] {
  const names = new Set(broken.map(({ name }) => name));
  return [...entries, ...before.filter(({ name }) => names.has(name))];
}

/** Reports each broken file once, until it is whole again. */
function createReports(observer: Observer) {
  let known = new Set<string>();
  return {
    note(broken: readonly BrokenToken[]): void {
      const current = new Set<string>();
      for (const { name, problem } of broken) {
        const key = `${name}\n${problem}`;
        current.add(key);
        if (!known.has(key)) observer.observe({ type: 'token-unreadable', name, problem });
      }
      known = current;
    },
  };
}
