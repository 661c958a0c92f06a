import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { isAlive } from '../../base/is-alive.ts';

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

/** Openings of this thread that are not closed, each with how often it is held. */
const open = new Map<string, number>();

/** Makes this process an owner from now on until it lets go. */
export function becomeOwner(): { readonly owner: string; letGo(): void } {
  const owner = createOwner();
  return { owner, ...holdOwner(owner) };
}

function createOwner(): string {
  const owner: Owner = {
    host: HOST,
    pid: process.pid,
    start: startOf(process.pid),
    instance: crypto.randomUUID(),
  };
  return JSON.stringify(owner);
}

/** Holds an owner that another thread of this process has become. */
export function holdOwner(owner: string): { letGo(): void } {
  const { instance } = JSON.parse(owner) as Owner;
  const count = (change: number) => {
    const held = (open.get(instance) ?? 0) + change;
    if (held > 0) open.set(instance, held);
    else open.delete(instance);
  };
  count(1);
  return { letGo: () => count(-1) };
}

/**
 * Returns true for an owner that has died. Nothing is known of other machines: theirs count as alive. So do those of this very
 * process that another of its threads may hold; they fail what they leave when they close.
 */
export function isDead(owner: string): boolean {
  const { host, pid, start, instance } = JSON.parse(owner) as Owner;
  if (host !== HOST) return false;
  if (pid === process.pid && open.has(instance)) return false;
  if (pid === process.pid && start === undefined) return true;
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
