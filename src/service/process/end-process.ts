import { sleep } from '../../base/async/sleep.ts';
import { isForgotten, isStillRunning, listDescendants, type ProcessIdentity } from './process-identity.ts';

export interface EndTimes {
  /** Milliseconds until a second SIGTERM, which ends running requests. */
  readonly patienceMs: number;
  /** Milliseconds from then until SIGKILL. */
  readonly lastMs: number;
}

/** Describes how a process ended: by itself after a signal, or killed because it did not. */
type ProcessEnd = 'ended' | 'killed';

const INTERVAL_MS = 25;

/** Milliseconds for processes that nothing needs any more, such as the app-server of a killed gateway. */
const ORPHAN_MS = 2_000;

/** Milliseconds for the system to forget a process that has ended, which a slow init delays. */
const COLLECTION_MS = 2_000;

/** Ends a process and everything that descends from it; resolves when all of it is gone. */
export async function endProcess(
  target: ProcessIdentity,
  times: EndTimes,
  signal: AbortSignal,
): Promise<ProcessEnd> {
  const descendants = listDescendants(target.pid);
  const all = [target, ...descendants];
  send(target, 'SIGTERM');
  if (!(await waitForEnd([target], times.patienceMs, signal))) {
    descendants.push(...listDescendants(target.pid));
    send(target, 'SIGTERM');
  }
  const isStuck = !(await waitForEnd([target], times.lastMs, signal));
  if (isStuck) {
    descendants.push(...listDescendants(target.pid));
    send(target, 'SIGKILL');
  }
  if (!(await waitForEnd(all, ORPHAN_MS, signal))) {
    for (const orphan of descendants) send(orphan, 'SIGKILL');
    await waitForEnd([target, ...descendants], ORPHAN_MS, signal);
  }
  await waitFor(() => isForgotten(target), COLLECTION_MS, signal);
  return isStuck ? 'killed' : 'ended';
}

/** Resolves to false if one of the processes still runs after the time. */
async function waitForEnd(
  processes: readonly ProcessIdentity[],
  ms: number,
  signal: AbortSignal,
): Promise<boolean> {
  return await waitFor(() => !processes.some(isStillRunning), ms, signal);
}

/** Resolves to false if the condition does not hold within the time. */
async function waitFor(condition: () => boolean, ms: number, signal: AbortSignal): Promise<boolean> {
  const end = performance.now() + ms;
  while (!condition()) {
    if (performance.now() >= end) return false;
    await sleep(INTERVAL_MS, signal);
  }
  return true;
}

/** Sends a signal to a process that still runs. */
function send(target: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isStillRunning(target)) return;
  try {
    process.kill(target.pid, name);
  } catch {
    // It ended in between, or belongs to another user; the wait that follows shows which.
  }
}
