import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { isAlive } from '../base/is-alive.ts';

/** The process that works on a response, so that it is known whether it still can. */
interface Owner {
  readonly host: string;
  readonly pid: number;
  /** When it began, in the machine's own count, where that can be read: another process may get its id. */
  readonly start?: string | undefined;
  /** One opening of the store: in a container, each life of a gateway has the same process id. */
  readonly instance: string;
}

const HOST = hostname();

/** Openings of this process that are not closed. */
const open = new Set<string>();

/** This process as an owner, from now until it lets go. */
export function becomeOwner(): { readonly owner: string; letGo(): void } {
  const instance = crypto.randomUUID();
  open.add(instance);
  const owner: Owner = { host: HOST, pid: process.pid, start: startOf(process.pid), instance };
  return { owner: JSON.stringify(owner), letGo: () => void open.delete(instance) };
}

/** Whether an owner has died. Of other machines nothing is known: theirs count as alive. */
export function isDead(owner: string): boolean {
  const { host, pid, start, instance } = JSON.parse(owner) as Owner;
  if (host !== HOST) return false;
  if (pid === process.pid) return !open.has(instance);
  return !isAlive(pid) || startOf(pid, start) !== start;
}

/** Linux alone tells it in a file: the 22nd field, of which the second may hold anything but ends with a bracket. */
function startOf(pid: number, otherwise?: string): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return otherwise;
  }
}
