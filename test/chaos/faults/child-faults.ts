import { setTimeout as sleep } from 'node:timers/promises';
import type { Ending, FaultWindow } from '../journal.ts';
import { appServersOf, signalProcess } from '../process/processes.ts';
import { setChildMode, type ChildMode } from '../process/write-wrapper.ts';
import type { Run } from '../run.ts';
import type { Fault } from './fault.ts';

/** The error of a response that had begun is a `server_error`. */
const isUnavailable = ({ outcome }: Ending) =>
  /^(?:\d+ codex_unavailable|200 server_error|503 unready (?:starting|codex))$/.test(outcome);

/** A request whose turn was not handed over when its app-server was killed runs again, so that no other 503 is excused. */
function isPossiblyAsked(ending: Ending): boolean {
  return isUnavailable(ending) && (!ending.outcome.startsWith('503 codex') || ASKED.test(ending.detail ?? ''));
}

const ASKED = /may (?:already )?have been asked/;

/** Kills the app-server, and waits until another one runs. */
async function killChild({ gateway, journal }: Run, name: string): Promise<void> {
  const killed = appServersOf(gateway.pid());
  const window = journal.openWindow(name, isPossiblyAsked);
  for (const pid of killed) signalProcess(pid, 'SIGKILL');
  await untilChild(gateway.pid(), killed);
  close(window, journal.nowMs());
}

async function untilChild(gateway: number, killed: readonly number[]): Promise<void> {
  while (!appServersOf(gateway).some((pid) => !killed.includes(pid))) await sleep(100);
}

function close(window: FaultWindow, nowMs: number): void {
  window.endedMs = nowMs;
}

export const CHILD_KILLED: Fault = {
  name: 'child killed',
  replaces: 'child',
  strike: (run) => killChild(run, 'child killed'),
};

/** Replaces the app-server by one of another mode, and that one by a usual one. */
function childOfMode(name: string, mode: ChildMode): Fault {
  return {
    name,
    replaces: 'child',
    async strike(run, random) {
      const { gateway, journal } = run;
      const window = journal.openWindow(name, isUnavailable);
      const killed = appServersOf(gateway.pid());
      setChildMode(gateway.folder, mode);
      for (const pid of killed) signalProcess(pid, 'SIGKILL');
      await sleep(random.between(2000, 4000));
      const bad = appServersOf(gateway.pid());
      setChildMode(gateway.folder, 'usual');
      if (mode !== 'late') for (const pid of bad) signalProcess(pid, 'SIGKILL');
      await untilChild(gateway.pid(), [...killed, ...(mode === 'late' ? [] : bad)]);
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
    await pauseChild(run, 'child stopped', async (stop, go) => {
      stop();
      await sleep(random.between(1000, 3000));
      go();
    });
  },
};

export const CHILD_SLOW: Fault = {
  name: 'child slow',
  replaces: 'nothing',
  async strike(run, random) {
    await pauseChild(run, 'child slow', async (stop, go) => {
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
  { gateway, journal }: Run,
  name: string,
  pause: (stop: () => void, go: () => void) => Promise<void>,
): Promise<void> {
  const pids = appServersOf(gateway.pid());
  const window = journal.openWindow(name);
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
