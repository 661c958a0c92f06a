import { NEVER_ABORTED } from '../../../base/async/abort.ts';
import { sleep } from '../../../base/async/sleep.ts';
import {
  listProcesses,
  readPipes,
  readStart,
  type ProcessRow,
  type ProcessTraces,
} from './list-processes.ts';

/** The processes that one command has started, and those that these have started. */
export interface CommandProcesses {
  /** Kills all of them; resolves when none runs any more. */
  end(): Promise<void>;
}

/** Rounds, and milliseconds between two of them: a process may start another one before it goes. */
const ROUNDS = 100;
const ROUND_MS = 20;

/**
 * Finds the processes of a command by their parents and sessions, by a variable of its environment, by a limit that they inherit,
 * and by the pipes on which it writes: one that has made itself a daemon has lost its parents and its session, and keeps the rest.
 * @param pid A process that was started just now, in a session of its own.
 */
export function watchCommand(pid: number, marks: Omit<ProcessTraces, 'pipes'>): CommandProcesses {
  const since = readStart(pid);
  const pipes = readPipes(pid);
  let ending: Promise<void> | undefined;

  async function endAll(): Promise<void> {
    const traces = { ...marks, pipes: await pipes };
    // The id of a session is taken as long as it has a member.
    const sessions = new Set([pid]);
    // The group is all that can be reached on a system that lists no processes.
    if (since === '') send(-pid);
    for (let round = 1; round <= ROUNDS; round += 1) {
      const owned = await findOwned(await listProcesses(since), sessions, traces);
      if (owned.length === 0) return;
      owned.forEach(kill);
      await sleep(ROUND_MS, NEVER_ABORTED);
    }
  }

  return {
    async end() {
      // Another end finds processes that come after an earlier one has looked.
      const before = ending;
      ending = (async () => {
        await before;
        await endAll();
      })();
      await ending;
    },
  };
}

async function findOwned(
  rows: readonly ProcessRow[],
  sessions: Set<number>,
  traces: ProcessTraces,
): Promise<readonly ProcessRow[]> {
  const owned = new Set<ProcessRow>();
  const marked = await Promise.all(
    rows.map(async (row) => !sessions.has(row.session) && (await row.has(traces))),
  );
  const add = (row: ProcessRow) => {
    owned.add(row);
    // The first two sessions are those of the system.
    if (row.session > 1) sessions.add(row.session);
  };
  rows.filter((_, index) => marked[index]).forEach(add);
  for (let count = -1; count < owned.size;) {
    count = owned.size;
    const pids = new Set(Array.from(owned, ({ pid }) => pid));
    rows.filter((row) => sessions.has(row.session) || pids.has(row.parent)).forEach(add);
  }
  return [...owned];
}

function kill({ pid, start }: ProcessRow): void {
  if (start === '' || readStart(pid) === start) send(pid);
}

/** Kills a process, or the group of a negative id. */
function send(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has gone already.
  }
}
