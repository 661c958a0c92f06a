import { readFile } from 'node:fs/promises';
import { parseProcessStat } from '../../base/process-stat.ts';
import { sumGroup, sumTree } from './process-tree.ts';

/** Ticks per second in Linux's process table, on every machine that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Returns the seconds of CPU time that a process group has used; undefined if the system does not report it. */
export async function readCpuSeconds(group: number): Promise<number | undefined> {
  return process.platform === 'linux'
    ? await sumTree(group, readTicks)
    : await sumGroup(group, 'time', parsePsTime);
}

async function readTicks(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat === undefined ? undefined : parseProcessStat(stat).cpuTicks / TICKS_PER_SECOND;
}

/** Returns the seconds in `[[days-]hours:]minutes:seconds`, with or without a fraction. */
export function parsePsTime(text: string): number {
  const [clock = '', days = '0'] = text.split('-').toReversed();
  return Number(days) * 86_400 + clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}
