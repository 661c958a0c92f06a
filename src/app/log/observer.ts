import { AsyncLocalStorage } from 'node:async_hooks';
import type { Observation, ObservationScope, Observer } from '../../base/observation.ts';
import { describeObservation } from './describe-observation.ts';
import { createLog, type LogSettings, type WriteLine } from './log.ts';

/** Hears every observation, with the request to which it belongs. */
export type Listener = (observation: Observation, scope: ObservationScope) => void;

/** Passes what is observed on to the listeners. An error in one of them reaches neither the others nor the reporter. */
export function createObserver(listeners: readonly Listener[]): Observer {
  const scopes = new AsyncLocalStorage<ObservationScope>();
  return {
    observe(observation) {
      const scope = scopes.getStore() ?? {};
      for (const listen of listeners) {
        try {
          listen(observation, scope);
        } catch {
          // Nobody can act on it here, and the request must go on.
        }
      }
    },
    within: (scope, run) => scopes.run(scope, run),
  };
}

/** Returns an observer that another listener hears, too; the given one goes on as it is. */
export function listenBeside(observer: Observer, listener: Listener): Observer {
  const own = createObserver([listener]);
  return {
    observe(observation) {
      own.observe(observation);
      observer.observe(observation);
    },
    within: (scope, run) => own.within(scope, () => observer.within(scope, run)),
  };
}

/** Creates an observer that writes the log. */
export function observeInLog(settings: LogSettings): Observer {
  return createObserver([createLogListener(createLog(settings))]);
}

/** Milliseconds without another line about a slow store: a locked database slows down every call. */
const SLOW_STORE_PAUSE_MS = 10_000;

/** Creates a listener that writes a line for each observation that is logged. */
export function createLogListener(write: WriteLine): Listener {
  let nextSlowStoreAt = 0;
  return (observation, scope) => {
    if (observation.type === 'store-slow') {
      const now = performance.now();
      if (now < nextSlowStoreAt) return;
      nextSlowStoreAt = now + SLOW_STORE_PAUSE_MS;
    }
    const line = describeObservation(observation);
    if (line) write(line, scope);
  };
}

/** Observes for commands that show their result themselves. */
export const SILENT: Observer = createObserver([]);
