import { GatewayError } from '../../base/errors.ts';

export interface ToolRateOptions {
  readonly perSecond: number;
  /** Calls that may come at once. */
  readonly burst: number;
}

/** Limits the calls of each key to each tool. */
export interface RateLimit {
  /** Counts a call. Throws a `GatewayError` for one that comes too early, which is not counted. */
  enter(caller: string, tool: string): void;
  /** Returns the number of keys and tools that are remembered. */
  size(): number;
}

/** Number of keys and tools after which those that have rested long enough are forgotten. */
const SWEEP_SIZE = 1_000;

/** @param now Returns milliseconds that never go back. */
export function createRateLimit(
  { perSecond, burst }: ToolRateOptions,
  now: () => number = () => performance.now(),
): RateLimit {
  const intervalMs = 1_000 / perSecond;
  /** Rounding must not refuse the last call of a burst. */
  const toleranceMs = (burst - 1) * intervalMs + 1e-6;
  /** The time at which each would be at rest again. */
  const restAt = new Map<string, number>();
  let sweepSize = SWEEP_SIZE;

  function sweep(time: number): void {
    if (restAt.size < sweepSize) return;
    for (const [id, rest] of restAt) if (rest <= time) restAt.delete(id);
    // A sweep that frees little is not repeated with every call.
    sweepSize = Math.max(SWEEP_SIZE, 2 * restAt.size);
  }

  return {
    enter(caller, tool) {
      const time = now();
      const id = JSON.stringify([caller, tool]);
      const rest = Math.max(restAt.get(id) ?? 0, time);
      const waitMs = rest - time - toleranceMs;
      if (waitMs > 0) throw tooMany(tool, perSecond, burst, waitMs);
      sweep(time);
      restAt.set(id, rest + intervalMs);
    },
    size: () => restAt.size,
  };
}

function tooMany(tool: string, perSecond: number, burst: number, waitMs: number): GatewayError {
  const retryAfter = Math.max(1, Math.ceil(waitMs / 1_000));
  return new GatewayError(
    'tool_limited',
    `Too many calls of ${tool}: a key may make ${perSecond} a second, and ${burst} at once. Try again in ${retryAfter}s.`,
    { retryAfter },
  );
}
