import { AsyncLocalStorage } from 'node:async_hooks';
import type { Log, LogFields } from '../../src/base/log.ts';

export interface MemoryLog extends Log {
  readonly lines: string[];
}

/** Keeps every line as text. */
export function createMemoryLog(): MemoryLog {
  const lines: string[] = [];
  const scope = new AsyncLocalStorage<LogFields>();
  const write = (level: string) => (message: string, fields?: LogFields) => {
    lines.push(`${level} ${message} ${JSON.stringify({ ...scope.getStore(), ...fields })}`);
  };
  return {
    lines,
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    within: (fields, run) => scope.run(fields, run),
  };
}
