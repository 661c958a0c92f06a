import { ClientGoneError, GatewayError } from '../../base/errors.ts';
import type { Observer } from '../../base/observation.ts';
import type { TurnEvent } from '../../conversation/turn-event.ts';
import type { Usage } from '../../conversation/usage.ts';

/** Passes the events of a turn on, and reports its end, also if nobody reads it to its end. */
export async function* watchTurn(
  batches: AsyncIterable<readonly TurnEvent[]>,
  model: string,
  observer: Observer,
): AsyncGenerator<readonly TurnEvent[]> {
  const startedAt = Date.now();
  let usage: Usage | undefined;
  let outcome = 'client_gone';
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
    if (!(error instanceof ClientGoneError)) {
      outcome = error instanceof GatewayError ? error.code : 'internal_error';
    }
    throw error;
  } finally {
    observer.observe({ type: 'turn-end', model, startedAt, ms: Date.now() - startedAt, usage, outcome });
  }
}
