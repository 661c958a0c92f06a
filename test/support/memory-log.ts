import { describeObservation } from '../../src/app/log/describe-observation.ts';
import { createObserver } from '../../src/app/log/observer.ts';
import type { Observer } from '../../src/base/observation.ts';

export interface MemoryLog extends Observer {
  readonly lines: string[];
}

/** Keeps every line as text. */
export function createMemoryLog(): MemoryLog {
  const lines: string[] = [];
  const observer = createObserver([
    (observation, scope) => {
      const line = describeObservation(observation);
      if (line) lines.push(`${line.level} ${line.message} ${JSON.stringify({ ...scope, ...line.fields })}`);
    },
  ]);
  return { ...observer, lines };
}
