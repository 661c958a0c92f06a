import { GatewayError } from '../base/errors.ts';
import { createEventQueue, type EventQueue } from '../base/event-queue.ts';
import type { TurnEvent } from '../conversation/turn-event.ts';
import type { Turn } from '../conversation/turn.ts';
import type { AppServer } from './app-server.ts';
import type { Notification } from './protocol.ts';
import { openThread } from './thread.ts';
import { createTurnDecoder } from './turn-decoder.ts';

/** Characters that may wait for a caller who does not read; the app-server itself would hold them without bound. */
const MAX_UNREAD = 16 * 1024 * 1024;

/** Runs one turn on a thread of its own and lets the thread go, however the turn ends. */
export async function* runTurn(
  server: AppServer,
  turn: Turn,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent> {
  const thread = await openThread(server, turn.model);
  const events = createTurnQueue();
  const decoder = createTurnDecoder({
    signedOut: server.login.type === 'signed-out',
    now: () => Date.now() / 1000,
  });

  function onNotification(notification: Notification) {
    const last = notification.method === 'turn/completed';
    try {
      for (const event of decoder.decode(notification)) {
        // A full queue has failed; the turn would only go on for nobody.
        if (!events.push(event)) thread.interrupt();
      }
      if (last) events.end();
    } catch (error) {
      if (error instanceof GatewayError || last) {
        events.fail(error);
        thread.interrupt();
      } else {
        // Another Codex version may have renamed a field; the turn goes on without this one.
        server.log.warn('unreadable notification', { method: notification.method });
      }
    }
  }
  function onClose() {
    events.fail(
      new GatewayError('codex_unavailable', 'Codex ended before its answer did. Try again.', {
        retryAfter: 1,
      }),
    );
  }
  function onAbort() {
    events.fail(signal.reason);
    thread.interrupt();
  }

  try {
    signal.throwIfAborted();
    await thread.inject(turn.items);
    signal.throwIfAborted();
    signal.addEventListener('abort', onAbort, { once: true });
    await thread.startTurn({ onNotification, onClose });
    yield* events;
  } finally {
    signal.removeEventListener('abort', onAbort);
    thread.release();
  }
}

function createTurnQueue(): EventQueue<TurnEvent> {
  return createEventQueue<TurnEvent>({
    capacity: MAX_UNREAD,
    sizeOf: (event) => (event.type === 'text-delta' ? event.text.length : 1),
    onFull: () =>
      new GatewayError('client_too_slow', 'The client read the stream too slowly; the turn was interrupted.'),
  });
}
