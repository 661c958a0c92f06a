import { setTimeout as sleep } from 'node:timers/promises';
import { MAY_HAVE_ASKED, type Ending, type FaultWindow } from '../journal.ts';
import { appServersOf, signalProcess } from '../process/processes.ts';
import { setChildMode, type ChildMode } from '../process/write-wrapper.ts';
import type { Random } from '../random.ts';
import type { Run } from '../run.ts';
import { askBeside } from './ask-beside.ts';
import type { Fault } from './fault.ts';
import { READY_MS, untilReady } from './until-ready.ts';

/** The error of a response that had begun is a `server_error`. */
const isUnavailable = ({ outcome }: Ending) =>
  /^(?:\d+ codex_unavailable|200 server_error|503 unready (?:starting|codex))$/.test(outcome);

/** Times at which an app-server was killed. */
const kills: number[] = [];

/**
 * A request whose turn was not handed over when its app-server was killed runs again, once: no other 503 is excused, unless
 * two app-servers were killed under it.
 */
function isExcusedByKill(ending: Ending): boolean {
  if (!ending.outcome.startsWith('503 codex')) return isUnavailable(ending);
  const { detail = '', startedMs, endedMs } = ending;
  return MAY_HAVE_ASKED.test(detail) || kills.filter((ms) => ms >= startedMs && ms <= endedMs).length > 1;
}

/** Kills the app-server, and waits until another one works. */
async function killChild(run: Run, name: string, random: Random): Promise<void> {
  const { gateway, journal } = run;
  await untilReady(run);
  const window = journal.openWindow(name, isExcusedByKill);
  askBeside(run, random, ['chat, streamed', 'chat, whole']);
  await sleep(random.between(50, 250));
  kills.push(journal.nowMs());
  for (const pid of appServersOf(gateway.pid())) signalProcess(pid, 'SIGKILL');
  await untilReady(run);
  close(window, journal.nowMs());
}

async function untilChild(gateway: number, killed: readonly number[]): Promise<void> {
  const signal = AbortSignal.timeout(READY_MS);
  while (!appServersOf(gateway).some((pid) => !killed.includes(pid))) await sleep(100, undefined, { signal });
}

function close(window: FaultWindow, nowMs: number): void {
  window.endedMs = nowMs;
}

export const CHILD_KILLED: Fault = {
  name: 'child killed',
  replaces: 'child',
  strike: (run, random) => killChild(run, 'child killed', random),
};

/** Replaces the app-server by one of another mode, and that one by a usual one. */
function childOfMode(name: string, mode: ChildMode): Fault {
  return {
    name,
    replaces: 'child',
    async strike(run, random) {
      const { gateway, journal } = run;
      await untilReady(run);
      const window = journal.openWindow(name, isUnavailable);
      const killed = appServersOf(gateway.pid());
      setChildMode(gateway.folder, mode);
      for (const pid of killed) signalProcess(pid, 'SIGKILL');
      // One that only writes garbage works.
      if (mode === 'garbage') await untilReady(run);
      askBeside(run, random, ['chat, streamed', 'response, streamed']);
      await sleep(random.between(2000, 4000) * run.pace);
      const bad = appServersOf(gateway.pid());
      setChildMode(gateway.folder, 'usual');
      if (mode !== 'late') for (const pid of bad) signalProcess(pid, 'SIGKILL');
      await untilChild(gateway.pid(), [...killed, ...(mode === 'late' ? [] : bad)]);
      await untilReady(run);
      close(window, journal.nowMs());
    },
  };
}

/** Writes what no app-server writes. */
export const CHILD_GARBAGE = childOfMode('child writes garbage', 'garbage');
/** Ends at once, again and again. */
export const CHILD_ENDS = childOfMode('child ends at its start', 'ends');
export const CHILD_LATE = childOfMode('child starts late', 'late');

export const CHILD_STOPPED: Fault = {
  name: 'child stopped',
  replaces: 'nothing',
  async strike(run, random) {
    await pauseChild(run, random, 'child stopped', async (stop, go) => {
      stop();
      await sleep(random.between(1000, 3000) * run.pace);
      go();
    });
  },
};

export const CHILD_SLOW: Fault = {
  name: 'child slow',
  replaces: 'nothing',
  async strike(run, random) {
    await pauseChild(run, random, 'child slow', async (stop, go) => {
      const rounds = random.between(10, 20);
      for (let round = 0; round < rounds; round += 1) {
        stop();
        await sleep(120);
        go();
        await sleep(60);
      }
    });
  },
};

/** A stopped child makes requests slow, and no error. */
async function pauseChild(
  run: Run,
  random: Random,
  name: string,
  pause: (stop: () => void, go: () => void) => Promise<void>,
): Promise<void> {
  await untilReady(run);
  const { gateway, journal } = run;
  const pids = appServersOf(gateway.pid());
  if (pids.length === 0) throw new Error('No app-server runs.');
  // A probe that gets no answer for two seconds says so.
  const window = journal.openWindow(name, ({ outcome }) => outcome === '503 unready codex');
  askBeside(run, random, ['chat, streamed']);
  const send = (signal: NodeJS.Signals) => {
    for (const pid of pids) signalProcess(pid, signal);
  };
  try {
    await pause(
      () => send('SIGSTOP'),
      () => send('SIGCONT'),
    );
  } finally {
    send('SIGCONT');
  }
  close(window, journal.nowMs());
}
