import { collectDefaultMetrics, Registry } from 'prom-client';

/** Milliseconds between two looks at the delay of the event loop: the default of ten would wake an idle gateway all the time. */
const EVENT_LOOP_PRECISION_MS = 100;

let registry: Registry | undefined;

/**
 * Returns the figures of this process. They cost a timer and a listener that prom-client never takes away: only those who read
 * them pay for that, and all gateways of the process share them.
 */
export function processMetrics(): Registry {
  if (registry === undefined) {
    registry = new Registry();
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_PRECISION_MS });
  }
  return registry;
}
