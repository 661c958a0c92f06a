import { WebSocket } from 'ws';
import { writeDirective, type Directive } from '../provider/directive.ts';
import { CHAOS_MODEL, type Exchange, type Verdict } from './exchange.ts';
import { judgeEvents } from './responses.ts';

type SocketEvent = Parameters<typeof judgeEvents>[0][number] & {
  readonly status?: number;
  readonly sequence_number?: number;
  readonly error?: { readonly code?: string | null; readonly message?: string };
};

/** Close code of a server that goes away. A client that has got nothing for its request asks again over another connection. */
const GOING_AWAY = 1001;

/** Asks over a WebSocket, and once more in continuation of the first. */
export async function talk(exchange: Exchange): Promise<Verdict> {
  const { directive, origin, token, signal } = exchange;
  const headers = { authorization: `Bearer ${token}` };
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/v1/responses`, { headers });
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => {});
  // An answer that came just before the end is heard first.
  const end = (error: Error) => setImmediate(() => broken.reject(error));
  let hasLeft = false;
  socket.on('error', end).on('close', (code) => {
    hasLeft = code === GOING_AWAY;
    end(new Error(`closed with ${code}`));
  });
  signal.addEventListener('abort', () => socket.terminate(), { once: true });
  const refusal = Promise.withResolvers<Verdict>();
  socket.on('unexpected-response', (_, { statusCode }) =>
    refusal.resolve({ outcome: `${statusCode} upgrade` }),
  );
  const opened = new Promise<undefined>((resolve) => socket.once('open', () => resolve(undefined)));
  let hasHeard = false;
  socket.on('message', () => (hasHeard = true));
  /** Ends with the connection, too. A request that its end crossed was never heard by the server. */
  async function orCrossed(judged: Promise<Judged>): Promise<Judged> {
    return await Promise.race([judged, broken.promise]).catch((error: unknown) => {
      if (hasLeft && !hasHeard) return { verdict: { outcome: 'unreachable' }, response: undefined };
      throw error;
    });
  }
  try {
    const refused = await Promise.race([opened, refusal.promise, broken.promise]);
    if (refused !== undefined) return refused;
    const first = { ...directive, id: `${directive.id}-1` };
    const { verdict, response } = await orCrossed(ask(socket, first, {}));
    if (verdict.outcome !== 'ok' || response === undefined) return verdict;
    const further = { previous_response_id: response.id };
    hasHeard = false;
    return (await orCrossed(ask(socket, { ...directive, history: 2 }, further))).verdict;
  } finally {
    socket.terminate();
  }
}

type Judged = ReturnType<typeof judgeEvents>;

async function ask(socket: WebSocket, directive: Directive, fields: object): Promise<Judged> {
  const events: SocketEvent[] = [];
  const ended = Promise.withResolvers<Judged>();
  function hear(data: Buffer): void {
    const event = JSON.parse(data.toString()) as SocketEvent;
    events.push(event);
    // An error without a number ends the request by itself; after others comes the end of the response.
    if (event.type === 'error' && event.sequence_number === undefined) {
      const outcome = `${event.status ?? 200} ${event.error?.code}`;
      ended.resolve({ verdict: { outcome, detail: event.error?.message ?? '' }, response: undefined });
    }
    if (/^response\.(?:completed|failed|incomplete)$/.test(event.type))
      ended.resolve(judgeEvents(events, directive));
  }
  socket.on('message', hear);
  const input = writeDirective(directive);
  socket.send(
    JSON.stringify({ type: 'response.create', model: CHAOS_MODEL, input, store: false, ...fields }),
  );
  try {
    return await ended.promise;
  } finally {
    socket.off('message', hear);
  }
}
