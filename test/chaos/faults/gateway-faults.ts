import { setTimeout as sleep } from 'node:timers/promises';
import type { Ending, FaultWindow } from '../journal.ts';
import { appServersOf, isRunning } from '../process/processes.ts';
import type { Random } from '../random.ts';
import type { Run } from '../run.ts';
import { askBeside } from './ask-beside.ts';
import type { Fault } from './fault.ts';
import { untilReady } from './until-ready.ts';

/** Outcomes of requests that meet a gateway that stops: they are refused, or end in one clean error. */
const STOPPED =
  /^(?:unreachable|(?:503|200) (?:shutting_down|codex_unavailable|unready [ a-z]+)|503 upgrade|200 server_error)$/;

/** A request that is sent while the gateway closes its connections can meet a closed one. */
const SENT_LATE_MS = 50;

function stopped(ending: Ending, window: FaultWindow): boolean {
  if (STOPPED.test(ending.outcome)) return true;
  return ending.outcome === 'cut' && ending.startedMs >= window.startedMs - SENT_LATE_MS;
}

interface Restart {
  readonly name: string;
  readonly hasFullLog: boolean;
}

async function restart(run: Run, random: Random, { name, hasFullLog }: Restart): Promise<void> {
  const { gateway, journal } = run;
  const window: FaultWindow = journal.openWindow(name, (ending) => stopped(ending, window));
  await askUntilStop(run, random);
  const code = await gateway.stop('SIGTERM');
  if (code !== 0) journal.violate(`the gateway ended with ${code} after SIGTERM.`);
  await gateway.start({ hasFullLog });
  window.endedMs = journal.nowMs();
}

/** Lets streams run when the gateway ends. */
async function askUntilStop(run: Run, random: Random): Promise<void> {
  askBeside(run, random, ['chat, streamed', 'response, streamed', 'chat, whole']);
  await sleep(random.between(50, 250));
}

export const RESTARTED: Fault = {
  name: 'SIGTERM and start',
  replaces: 'gateway',
  strike: (run, random) => restart(run, random, { name: 'SIGTERM and start', hasFullLog: false }),
};

/** From then on, nothing can be logged, until the next start. */
export const LOG_FULL: Fault = {
  name: 'disk full for the log',
  replaces: 'gateway',
  includes: 'SIGTERM and start',
  async strike(run, random) {
    await restart(run, random, { name: 'disk full for the log', hasFullLog: true });
    askBeside(run, random, ['chat, whole', 'response, whole']);
    await sleep(random.between(2000, 3000) * run.pace);
    await restart(run, random, { name: 'SIGTERM and start', hasFullLog: false });
  },
};

/** Time within which a child ends whose gateway was killed. */
const ORPHAN_MS = 2000;

export const GATEWAY_KILLED: Fault = {
  name: 'gateway killed',
  replaces: 'gateway',
  async strike(run, random) {
    const { gateway, journal } = run;
    await untilReady(run);
    const children = appServersOf(gateway.pid());
    // A background response whose gateway dies has failed.
    const isLost = /^(?:cut|unreachable|200 \w+|503 (?:unready [ a-z]+|codex_unavailable))$/;
    const window = journal.openWindow('gateway killed', ({ outcome }) => isLost.test(outcome));
    await askUntilStop(run, random);
    await gateway.stop('SIGKILL');
    const killedMs = journal.nowMs();
    while (children.some((pid) => isRunning(pid)) && journal.nowMs() < killedMs + 10_000) await sleep(100);
    const tookMs = journal.nowMs() - killedMs;
    if (tookMs > ORPHAN_MS && !journal.wasBusySince(killedMs))
      journal.violate(`the child of a killed gateway ran for ${tookMs} ms more.`);
    await gateway.start();
    window.endedMs = journal.nowMs();
  },
};

const HOUR_MS = 3_600_000;

export const CLOCK_JUMPS: Fault = {
  name: 'clock jumps',
  replaces: 'nothing',
  async strike(run, random) {
    const { gateway, journal } = run;
    const window = journal.openWindow('clock jumps');
    gateway.shiftClock(random.pick([-48, -1, 1, 48]) * HOUR_MS);
    askBeside(run, random, ['chat, streamed', 'response, whole']);
    await sleep(random.between(1000, 3000) * run.pace);
    gateway.shiftClock(0);
    window.endedMs = journal.nowMs();
  },
};
