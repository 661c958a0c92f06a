import { readFile } from 'node:fs/promises';
import { sumGroup, sumTree } from './process-tree.ts';

/** Returns the bytes of memory that a process group takes; undefined if the system does not report it. */
export async function readResidentBytes(group: number): Promise<number | undefined> {
  return process.platform === 'linux'
    ? await sumTree(group, readBytes)
    : await sumGroup(group, 'rss', kibibytes);
}

async function readBytes(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  // A process that has just ended has no memory.
  return status === undefined ? undefined : kibibytes(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? '0');
}

function kibibytes(text: string): number {
  return Number(text) * 1024;
}
