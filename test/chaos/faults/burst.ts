import { makeRequest } from '../traffic/traffic.ts';
import type { Fault } from './fault.ts';

let bursts = 0;

/** Many requests at once: those that find no place hear it at once. */
export const BURST: Fault = {
  name: 'burst',
  replaces: 'nothing',
  async strike(run, random) {
    const { journal, places } = run;
    bursts += 1;
    const window = journal.openWindow('burst', ({ outcome }) =>
      /^429 (?:rate_limit_exceeded|queue_full)$/.test(outcome),
    );
    const name = `burst${bursts}`;
    const one = async (index: number) => {
      const kind = index % 2 === 0 ? 'chat, streamed' : 'chat, whole';
      await makeRequest(run, random.fork(`${name}-${index}`), { kind, id: `${name}-${index}` });
    };
    await Promise.all(Array.from({ length: 2 * places }, (_, index) => one(index)));
    window.endedMs = journal.nowMs();
  },
};
