import type { QueueLimits } from '../../sessions/turns/session-queue.ts';
import type { Environment } from '../config/config.ts';
import { readVariables } from '../config/read-variables.ts';

/**
 * Returns the limits of turns, from the variables by which users of codex-bridge know them, or else from the config file. Throws a
 * `StartupError` for a wrong one.
 */
export function readTurnLimits(file: QueueLimits, environment: Environment): QueueLimits {
  const { number } = readVariables(environment);
  const { maxConcurrentTurns, maxQueuedTurns } = file;
  return {
    maxConcurrentTurns: number('CODEX_MAX_CONCURRENT_TURNS', { min: 1, max: 1000 }) ?? maxConcurrentTurns,
    maxQueuedTurns: number('CODEX_MAX_QUEUED_TURNS', { min: 0, max: 100_000 }) ?? maxQueuedTurns,
  };
}
