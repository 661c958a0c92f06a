import type { Random } from '../random.ts';
import type { Run } from '../run.ts';
import { makeRequest } from '../traffic/traffic.ts';

let count = 0;

/** Makes requests that a fault shall meet, since it may fall into a pause of the traffic. They may end after it. */
export function askBeside(run: Run, random: Random, kinds: readonly string[]): void {
  for (const kind of kinds) {
    count += 1;
    const id = `beside-${count}`;
    run.asides.push(makeRequest(run, random.fork(id), { kind, id }));
  }
}
