import type { Observation } from '../../base/observation.ts';
import type { Overview } from '../contract/overview.ts';

/** Counts ends of app-servers that nobody wanted. */
export interface ChildEnds {
  listen(observation: Observation): void;
  read(): Overview['child_ends'];
}

export function countChildEnds(): ChildEnds {
  let count = 0;
  let last: Overview['child_ends']['last'] = null;
  return {
    listen(observation) {
      if (observation.type !== 'app-server-end') return;
      const { code, signal } = observation;
      count += 1;
      last = { at: Date.now(), by: signal ?? `exit code ${code ?? 'unknown'}` };
    },
    read: () => ({ count, last }),
  };
}
