import { setTimeout as sleep } from 'node:timers/promises';
import { appServersOf } from '../process/processes.ts';
import type { Fault } from './fault.ts';

export const CHILD_KILLED: Fault = {
  name: 'child killed',
  async strike({ gateway, journal }) {
    const killed = appServersOf(gateway.pid());
    const window = journal.openWindow('child killed', ({ outcome }) =>
      outcome.endsWith(' codex_unavailable'),
    );
    for (const pid of killed) process.kill(pid, 'SIGKILL');
    while (!appServersOf(gateway.pid()).some((pid) => !killed.includes(pid))) await sleep(100);
    window.endedMs = journal.nowMs();
  },
};
