import { createLogListener, createObserver } from '../../src/app/log/observer.ts';
import type { Observer } from '../../src/base/observation.ts';

export interface MemoryLog extends Observer {
  readonly lines: string[];
}

/** Keeps every line as text. */
export function createMemoryLog(): MemoryLog {
  const lines: string[] = [];
  const listener = createLogListener(({ level, message, fields }, scope) => {
    lines.push(`${level} ${message} ${JSON.stringify({ ...scope, ...fields })}`);
  });
  return { ...createObserver([listener]), lines };
}
