import { AsyncLocalStorage } from 'node:async_hooks';
import { describeObservation } from '../../src/app/log/describe-observation.ts';
import type { Log, LogFields } from '../../src/base/log.ts';
import type { ObservationScope } from '../../src/base/observation.ts';

export interface MemoryLog extends Log {
  readonly lines: string[];
}

/** Keeps every line as text. */
export function createMemoryLog(): MemoryLog {
  const lines: string[] = [];
  const scope = new AsyncLocalStorage<ObservationScope>();
  const write = (level: string) => (message: string, fields?: LogFields) => {
    lines.push(`${level} ${message} ${JSON.stringify({ ...scope.getStore(), ...fields })}`);
  };
  const writers = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  };
  return {
    ...writers,
    lines,
    observe(observation) {
      const line = describeObservation(observation);
      if (line) writers[line.level](line.message, line.fields);
    },
    within: (value, run) => scope.run(value, run),
  };
}
