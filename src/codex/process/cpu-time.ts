import { readFile } from 'node:fs/promises';

/** Ticks per second in Linux's process table, on every machine that Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * Returns the seconds of CPU time that a process group has used; undefined if the system does not report it. A script around
 * a binary uses none itself.
 */
export async function readCpuSeconds(group: number): Promise<number | undefined> {
  return process.platform === 'linux' ? await sumProcesses(group) : await readPs(group);
}

/** Adds up the times of the process and of those that it has started, as Linux lists them. */
async function sumProcesses(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The name of the program, in brackets, may contain anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const own = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const times = await Promise.all(children.split(' ').filter(Boolean).map(Number).map(sumProcesses));
  return times.reduce<number>((sum, time) => sum + (time ?? 0), own);
}

async function readPs(group: number): Promise<number | undefined> {
  const { execa } = await import('execa');
  const { stdout, failed } = await execa('ps', ['-A', '-o', 'pgid=,time='], {
    reject: false,
    timeout: 5_000,
    stdin: 'ignore',
    stderr: 'ignore',
  });
  if (failed) return undefined;
  const times = stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([pgid]) => Number(pgid) === group);
  return times.reduce((sum, [, time = '']) => sum + parsePsTime(time), 0);
}

/** Returns the seconds in `[[days-]hours:]minutes:seconds`, with or without a fraction. */
export function parsePsTime(text: string): number {
  const [clock = '', days = '0'] = text.split('-').toReversed();
  return Number(days) * 86_400 + clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}
