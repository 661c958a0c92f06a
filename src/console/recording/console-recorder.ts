import type { Observation, ObservationScope } from '../../base/observation.ts';
import { createRequestLog, type RequestLog } from './request-log.ts';

/** Records what the console shows of the past. It runs from the start of the gateway, so each request costs next to nothing. */
export interface ConsoleRecorder {
  listen(observation: Observation, scope: ObservationScope): void;
  readonly requests: RequestLog;
}

export function createConsoleRecorder(settings: {
  readonly requestLog: { readonly count: number };
}): ConsoleRecorder {
  const requests = createRequestLog(settings.requestLog.count);
  return {
    listen(observation, scope) {
      requests.listen(observation, scope);
    },
    requests,
  };
}
