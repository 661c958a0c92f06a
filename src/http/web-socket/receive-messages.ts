import type { RawData, WebSocket } from 'ws';
import { GatewayError } from '../../base/errors.ts';
import { decodeClientEvent, type ClientEvent } from '../../openai/responses/request/decode-client-event.ts';
import type { BodyParser } from '../body/body-parser.ts';
import type { ByteBudget } from '../body/byte-budget.ts';

export interface ReceiveOptions {
  readonly socket: WebSocket;
  readonly bodyBudget: ByteBudget;
  readonly parseBody: BodyParser;
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal;
}

/** A message that a client has sent. */
export interface ReceivedMessage {
  /** The event, or the problem of a message that is none. */
  readonly asked: ClientEvent | { readonly problem: unknown };
  /** Bytes. */
  readonly size: number;
  /** Gives back the room that its bytes take; to be called once it is answered. */
  letGo(): void;
}

/**
 * Hands over messages one after another, and receives nothing more meanwhile: what `take` answers at once must not pile up
 * before a client that sends and does not read. `drop` hears of what `take` rejects with.
 */
export function receiveMessages(
  { socket, bodyBudget, parseBody, signal }: ReceiveOptions,
  take: (message: ReceivedMessage) => Promise<void>,
  drop: (error: unknown) => void,
): void {
  const open = new Set<() => void>();
  let reading = Promise.resolve();
  let unread = 0;

  async function read(data: Buffer, isBinary: boolean): Promise<ReceivedMessage> {
    const held = bodyBudget.open();
    const letGo = () => {
      held.release();
      open.delete(letGo);
    };
    open.add(letGo);
    const message = { size: data.length, letGo };
    try {
      if (isBinary) throw new GatewayError('invalid_json', 'Send JSON as text messages, not as binary ones.');
      held.add(data.length);
      const body = { blocks: [ownBytes(data)], size: data.length, charset: 'utf-8' };
      return { ...message, asked: decodeClientEvent(await parseBody(body, signal).catch(asMessage)) };
    } catch (problem) {
      return { ...message, asked: { problem } };
    }
  }

  socket.on('message', (data: RawData, isBinary: boolean) => {
    unread += 1;
    socket.pause();
    reading = reading
      .then(async () => await take(await read(data as Buffer, isBinary)))
      .catch(drop)
      .finally(() => {
        unread -= 1;
        if (unread === 0) socket.resume();
      });
  });
  socket.once('close', () => {
    for (const letGo of open) letGo();
  });
}

/** Memory that nothing else uses, which can be handed over to another thread. */
function ownBytes(data: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer } = data;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === data.length;
  return isWhole ? new Uint8Array(buffer) : new Uint8Array(data);
}

function asMessage(cause: unknown): never {
  if (!(cause instanceof GatewayError) || cause.code !== 'invalid_json') throw cause;
  throw new GatewayError('invalid_json', 'We could not parse the JSON of your message.', { cause });
}
