import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { PrivateFiles } from './token-folder.ts';
import { createLazyWrite } from './lazy-write.ts';

/** When a token was used last, and by which program. */
export interface LastUse {
  /** Unix milliseconds. */
  readonly time: number;
  /** Plain characters of the `User-Agent` header; null without one. */
  readonly userAgent: string | null;
}

export interface LastUses {
  note(id: string, userAgent: string): void;
  /** Returns the last use in this process; undefined without one. */
  latest(id: string): LastUse | undefined;
  close(): Promise<void>;
}

const useSchema = z.object({ time: z.number(), userAgent: z.string().nullable() });

/** Milliseconds between two writes: what is shown to people may be that old. */
const PAUSE_MS = 5_000;

/** Maximum characters of the name of a program. */
const MAX_USER_AGENT = 200;

/**
 * @param folder Holds a file for each token; undefined keeps nothing.
 * @param readIds Resolves to the ids of the tokens that there are.
 */
export function createLastUses(
  folder: string | undefined,
  files: PrivateFiles,
  readIds: () => Promise<ReadonlySet<string>>,
  now: () => number = Date.now,
): LastUses {
  const changed = new Map<string, LastUse>();
  const latest = new Map<string, LastUse>();
  const lazy = createLazyWrite(PAUSE_MS, async () => {
    const uses = [...changed];
    changed.clear();
    // An answer is worth more than this record, and the next use is written again.
    for (const [id, use] of uses) await writeUse(folder!, id, use, files).catch(() => {});
    // A token that was revoked meanwhile has no use any more. Looked at last, since a token that is revoked later is forgotten then.
    const ids = await readIds();
    for (const id of latest.keys()) if (!ids.has(id)) latest.delete(id);
    for (const [id] of uses) if (!ids.has(id)) await forgetLastUse(folder!, id);
  });
  return {
    note(id, userAgent) {
      const plain = userAgent.replace(/[^\u0020-\u007E]/g, '').slice(0, MAX_USER_AGENT);
      const use = { time: now(), userAgent: plain === '' ? null : plain };
      latest.set(id, use);
      if (folder === undefined) return;
      changed.set(id, use);
      lazy.touch();
    },
    latest: (id) => latest.get(id),
    close: lazy.close,
  };
}

async function writeUse(folder: string, id: string, use: LastUse, files: PrivateFiles): Promise<void> {
  await files.makeFolder(folder);
  await files.write(pathOfUse(folder, id), JSON.stringify(use), true);
}

/** Resolves to undefined for a token that was not used yet. */
export async function readLastUse(folder: string, id: string): Promise<LastUse | undefined> {
  try {
    return useSchema.parse(JSON.parse(await readFile(pathOfUse(folder, id), 'utf8')));
  } catch {
    return undefined;
  }
}

export async function forgetLastUse(folder: string, id: string): Promise<void> {
  await rm(pathOfUse(folder, id), { force: true }).catch(() => {});
}

function pathOfUse(folder: string, id: string): string {
  return join(folder, `last.${id}.json`);
}
