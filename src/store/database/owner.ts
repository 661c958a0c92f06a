import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { isAlive } from '../../base/is-alive.ts';
import { parseProcessStat, type ProcessStat } from '../../base/process-stat.ts';

/** Identifies the process that works on a response, so that others can tell if it is still alive. */
interface Owner {
  readonly host: string;
  readonly pid: number;
  /** Start time of the process in clock ticks, if it can be read: another process may later get the same id. */
  readonly start?: string | undefined;
  /** Differs for each start: in a container, every start of a gateway has the same process id. */
  readonly instance: string;
}

const HOST = hostname();

/** Counts how often each owner of this thread is held. */
const held = new Map<string, number>();

/** Makes this process an owner until it is released. */
export function registerOwner(): { readonly owner: string; release(): void } {
  const owner = createOwner();
  return { owner, ...retainOwner(owner) };
}

function createOwner(): string {
  const owner: Owner = {
    host: HOST,
    pid: process.pid,
    start: readStat(process.pid)?.start,
    instance: crypto.randomUUID(),
  };
  return JSON.stringify(owner);
}

/** Holds an owner that another thread of this process has registered. */
export function retainOwner(owner: string): { release(): void } {
  const { instance } = JSON.parse(owner) as Owner;
  const count = (change: number) => {
    const holders = (held.get(instance) ?? 0) + change;
    if (holders > 0) held.set(instance, holders);
    else held.delete(instance);
  };
  count(1);
  return { release: () => count(-1) };
}

/** Returns true for an owner on another machine. A container that was made anew is another machine, too. */
export function isForeignOwner(owner: string): boolean {
  return (JSON.parse(owner) as Owner).host !== HOST;
}

/**
 * Returns true for an owner whose process has died. Owners on other machines count as alive, since nothing is known of
 * them. So do owners of this process that one of its other threads may hold; they clean up when they close.
 */
export function isDeadOwner(owner: string): boolean {
  const { host, pid, start, instance } = JSON.parse(owner) as Owner;
  if (host !== HOST) return false;
  if (pid === process.pid && held.has(instance)) return false;
  if (pid === process.pid && start === undefined) return true;
  return !isAlive(pid) || !isSameProcess(pid, start);
}

/** Returns false for a process that has ended, or that has got the id of one. */
function isSameProcess(pid: number, start: string | undefined): boolean {
  const stat = readStat(pid);
  return stat === undefined || (stat.state !== 'Z' && stat.start === start);
}

function readStat(pid: number): ProcessStat | undefined {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}
