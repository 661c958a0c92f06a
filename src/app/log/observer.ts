import { AsyncLocalStorage } from 'node:async_hooks';
import type { Observation, ObservationScope, Observer } from '../../base/observation.ts';
import { describeObservation } from './describe-observation.ts';
import { createLog, type LogSettings } from './log.ts';

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

/** Creates an observer that writes the log. */
export function observeInLog(settings: LogSettings): Observer {
  const write = createLog(settings);
  return createObserver([
    (observation, scope) => {
      const line = describeObservation(observation);
      if (line) write(line, scope);
    },
  ]);
}

/** Observes for commands that show their result themselves. */
export const SILENT: Observer = createObserver([]);
