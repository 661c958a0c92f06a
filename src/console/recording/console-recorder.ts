import type { Observation, ObservationScope } from '../../base/observation.ts';
import { countChildEnds, type ChildEnds } from './child-ends.ts';
import { createRequestLog, type RequestLog } from './request-log.ts';
import { createTraffic, type Traffic } from './traffic.ts';
import { createBodyLog, type BodyLog } from './body-log.ts';

/** Records what the console shows of the past. It runs from the start of the gateway, so each request costs next to nothing. */
export interface ConsoleRecorder {
  listen(observation: Observation, scope: ObservationScope): void;
  readonly requests: RequestLog;
  /** Undefined unless bodies are to be held. */
  readonly bodies: BodyLog | undefined;
  readonly traffic: Traffic;
  readonly childEnds: ChildEnds;
  /** Unix milliseconds of the gateway's start. */
  readonly since: number;
  /** Lets the console hear of what goes on, once it is opened. */
  watch(watcher: RecorderWatcher): void;
  /** Called when the gateway begins to stop. */
  stop(): void;
}

interface RecorderWatcher {
  /** Called after each observation has been recorded. */
  onObservation?(observation: Observation): void;
  onStop?(): void;
}

interface RecorderSettings {
  readonly requestLog: { readonly count: number; readonly bodies?: boolean };
}

export function createConsoleRecorder({ requestLog }: RecorderSettings): ConsoleRecorder {
  const requests = createRequestLog(requestLog.count);
  const traffic = createTraffic();
  const childEnds = countChildEnds();
  const watchers: RecorderWatcher[] = [];
  return {
    listen(observation, scope) {
      requests.listen(observation, scope);
      traffic.listen(observation);
      childEnds.listen(observation);
      for (const watcher of watchers) watcher.onObservation?.(observation);
    },
    requests,
    bodies: requestLog.bodies ? createBodyLog(requests) : undefined,
    traffic,
    childEnds,
    since: Date.now(),
    watch(watcher) {
      watchers.push(watcher);
    },
    stop() {
      for (const watcher of watchers) watcher.onStop?.();
    },
  };
}
