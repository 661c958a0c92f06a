import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { isAlive } from '../../base/is-alive.ts';
import { parseProcessStat, type ProcessStat } from '../../base/process-stat.ts';

/** A process that is recognized also after another one got its id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Time of its start, in a form that only comparisons understand; '' if it cannot be read. */
  readonly start: string;
}

export function identifyProcess(pid: number): ProcessIdentity {
  return { pid, start: readStart(pid) };
}

/** Returns true while the process runs. One that has ended and was not collected by its parent does not run. */
export function isStillRunning({ pid, start }: ProcessIdentity): boolean {
  if (!isAlive(pid) || readStat(pid)?.state === 'Z') return false;
  return start === '' || readStart(pid) === start;
}

/** Returns true if the system does not know the process any more: an ended one is known until its parent has collected it. */
export function isForgotten({ pid, start }: ProcessIdentity): boolean {
  return !isAlive(pid) || (start !== '' && readStart(pid) !== start);
}

/** Returns the processes that descend from one. */
export function listDescendants(pid: number): ProcessIdentity[] {
  const parents = readParents();
  const found: number[] = [];
  for (let heads = [pid]; heads.length > 0;) {
    heads = [...parents].filter(([, parent]) => heads.includes(parent)).map(([child]) => child);
    found.push(...heads);
  }
  return found.map(identifyProcess);
}

function readStat(pid: number): ProcessStat | undefined {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

function readStart(pid: number): string {
  return readStat(pid)?.start ?? askPs(['-o', 'lstart=', '-p', String(pid)]).trim();
}

/** Returns the parent of each process. */
function readParents(): Map<number, number> {
  const pids = readProcessIds();
  if (pids.length > 0) return new Map(pids.map((pid) => [pid, readStat(pid)?.parent ?? 0]));
  const rows = askPs(['-A', '-o', 'pid=,ppid=']).trim().split('\n');
  return new Map(rows.map((row) => row.trim().split(/\s+/).map(Number) as [number, number]));
}

function readProcessIds(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** Runs `ps`, on systems without `/proc`. */
function askPs(args: readonly string[]): string {
  try {
    return execFileSync('ps', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}
