import { readFile } from 'node:fs/promises';
import { parseProcessStat } from '../../base/process-stat.ts';
import { listChildren } from './process-tree.ts';
import { killProcess } from './spawn-binary.ts';

/** A process, by its id and the start that tells it from a later one. */
interface KnownProcess {
  readonly pid: number;
  readonly start: string;
}

/**
 * Looks at everything that a process has started, as far as the system shows it, and returns a function that kills what of it
 * still runs. A sandbox is in a group of its own, and one that was about to begin when its parent went waits for ever.
 */
export async function watchDescendants(pid: number | undefined): Promise<() => Promise<void>> {
  const known = pid === undefined ? [] : await listDescendants(pid);
  return async () => {
    for (const { pid: one, start } of known) if ((await readStart(one)) === start) killProcess(one);
  };
}

async function listDescendants(pid: number): Promise<KnownProcess[]> {
  const found = await Promise.all(
    (await listChildren(pid)).map(async (child) => {
      const start = await readStart(child);
      return [...(start === undefined ? [] : [{ pid: child, start }]), ...(await listDescendants(child))];
    }),
  );
  return found.flat();
}

async function readStart(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parseProcessStat(text).start;
}
