import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { parseProcessStat, type ProcessStat } from '../../src/base/process-stat.ts';

/** Returns true while a process with this id runs. One that has ended and waits for its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return readStat(pid)?.state !== 'Z';
  } catch {
    return false;
  }
}

/** Returns nothing for a process that has gone, and on systems without `/proc`. */
export function readStat(pid: number): ProcessStat | undefined {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Starts a process that ends and is never collected by its parent, as in a container; resolves once it has ended. Linux only. */
export async function startUncollected(): Promise<{ readonly pid: number; end(): void }> {
  const script = 'exec 3<&0; cat <&3 & echo $!; exec sleep 600';
  const parent = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  // The shell would collect it.
  await until(() => commandLineOf(parent.pid!).startsWith('sleep'));
  parent.stdin.end();
  await until(() => readStat(pid)?.state === 'Z');
  return { pid, end: () => void parent.kill('SIGKILL') };
}

/** The children of a process, by a part of their command line. */
export function childrenOf(parent: number, part: string): number[] {
  const listed = `/proc/${parent}/task/${parent}/children`;
  // To start `ps` takes long in a process with much memory.
  if (existsSync(listed)) {
    const children = readFileSync(listed, 'utf8').split(' ').filter(Boolean).map(Number);
    return children.filter((pid) => commandLineOf(pid).includes(part));
  }
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return table
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null && Number(match[2]) === parent && match[3]!.includes(part))
    .map((match) => Number(match![1]));
}

/** The command line of a process as Linux shows it; '' once it has ended. */
function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** Resident memory of a process in megabytes. */
export function residentMegabytes(pid: number): number {
  const path = `/proc/${pid}/status`;
  if (existsSync(path)) return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(path, 'utf8'))![1]) / 1024;
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
}

/** Looks again and again until the condition holds; the test's own timeout bounds it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
