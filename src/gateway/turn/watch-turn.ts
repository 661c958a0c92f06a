import { ClientGoneError, GatewayError } from '../../base/errors.ts';
import type { Observer } from '../../base/observation.ts';
import type { TurnEvent } from '../../conversation/turn-event.ts';
import type { Usage } from '../../conversation/usage.ts';

/** The reason for ending a turn whose answer is complete without the rest of it. */
export class AnswerCutError extends Error {
  override readonly name = 'AnswerCutError';

  constructor() {
    super('the answer has ended before its turn');
  }
}

export interface WatchTurnOptions {
  readonly model: string;
  readonly observer: Observer;
  /** Aborts with the reason for which the turn ends early. */
  readonly signal: AbortSignal;
}

/** Passes the events of a turn on, and reports its end, also if nobody reads it to its end. */
export async function* watchTurn(
  batches: AsyncIterable<readonly TurnEvent[]>,
  { model, observer, signal }: WatchTurnOptions,
): AsyncGenerator<readonly TurnEvent[]> {
  const startedAt = Date.now();
  // Measures by a clock that nobody can set back while the turn runs.
  const start = performance.now();
  let usage: Usage | undefined;
  let outcome: string | undefined;
  try {
    for await (const batch of batches) {
      const end = batch.at(-1);
      if (end?.type === 'turn-end') {
        usage = end.usage ?? undefined;
        outcome = 'ok';
      }
      yield batch;
    }
  } catch (error) {
    outcome = outcomeOf(error) ?? 'internal_error';
    throw error;
  } finally {
    // A reader that leaves says why by the signal, or has no use for the rest.
    outcome ??= outcomeOf(signal.reason) ?? 'client_gone';
    observer.observe({
      type: 'turn-end',
      model,
      startedAt,
      ms: Math.round(performance.now() - start),
      usage,
      outcome,
    });
  }
}

/** Returns the outcome of a turn that ends for this reason; undefined for an unknown one. */
function outcomeOf(reason: unknown): string | undefined {
  if (reason instanceof AnswerCutError) return 'ok';
  if (reason instanceof ClientGoneError) return 'client_gone';
  return reason instanceof GatewayError ? reason.code : undefined;
}
