import type { TurnRun } from '../../src/conversation/ports/engine.ts';
import type { TurnEvent } from '../../src/conversation/turn-event.ts';

/** A turn of a scripted engine: its work has ended when the events have, or when the signal aborts. */
export function createTurnRun(events: AsyncIterable<TurnEvent>, signal: AbortSignal): TurnRun {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve());
  async function* read(): AsyncGenerator<readonly TurnEvent[]> {
    try {
      for await (const event of events) yield [event];
    } finally {
      resolve();
    }
  }
  return { events: read(), ended };
}
