import type { RawData, WebSocket } from 'ws';
import { GatewayError } from '../../base/errors.ts';
import { decodeClientEvent, type ClientEvent } from '../../openai/responses/request/decode-client-event.ts';
import type { BodyParser } from '../body/body-parser.ts';
import type { ByteBudget } from '../body/byte-budget.ts';

export interface ReceiveOptions {
  readonly socket: WebSocket;
  readonly bodyBudget: ByteBudget;
  /** Id of the caller. */
  readonly caller: string | undefined;
  readonly parseBody: BodyParser;
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal;
}

export interface ReceivedMessage {
  /** The client's event, or the problem of a message that cannot be read. */
  readonly event: ClientEvent | { readonly problem: unknown };
  readonly bytes: number;
  /** Returns the bytes to the budget; called when the message has been answered. */
  release(): void;
}

/**
 * Hands over messages one after another, and receives nothing while one is being handled: answers must not pile up for a
 * client that sends and does not read. `onFailure` is called with what `handle` rejects with.
 */
export function receiveMessages(
  { socket, bodyBudget, caller, parseBody, signal }: ReceiveOptions,
  handle: (message: ReceivedMessage) => Promise<void>,
  onFailure: (error: unknown) => void,
): void {
  const held = new Set<() => void>();
  let reading = Promise.resolve();
  let unread = 0;

  async function read(data: Buffer, isBinary: boolean): Promise<ReceivedMessage> {
    const budget = bodyBudget.open(caller);
    const release = () => {
      budget.release();
      held.delete(release);
    };
    held.add(release);
    const message = { bytes: data.length, release };
    try {
      if (isBinary) throw new GatewayError('invalid_json', 'Send JSON as text messages, not as binary ones.');
      budget.add(data.length);
      const body = { blocks: [ownBytes(data)], size: data.length, charset: 'utf-8' };
      const value = await parseBody(body, signal).catch(rethrowForMessage);
      return { ...message, event: decodeClientEvent(value) };
    } catch (problem) {
      return { ...message, event: { problem } };
    }
  }

  socket.on('message', (data: RawData, isBinary: boolean) => {
    unread += 1;
    socket.pause();
    reading = reading
      .then(async () => await handle(await read(data as Buffer, isBinary)))
      .catch(onFailure)
      .finally(() => {
        unread -= 1;
        if (unread === 0) socket.resume();
      });
  });
  socket.once('close', () => {
    for (const release of held) release();
  });
}

/** Returns the bytes in memory that nothing else uses, so that it can be transferred to another thread. */
function ownBytes(data: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer } = data;
  const isWholeBuffer = buffer instanceof ArrayBuffer && buffer.byteLength === data.length;
  return isWholeBuffer ? new Uint8Array(buffer) : new Uint8Array(data);
}

/** Rethrows an error about a body as one about a message. */
function rethrowForMessage(cause: unknown): never {
  if (!(cause instanceof GatewayError) || cause.code !== 'invalid_json') throw cause;
  throw new GatewayError('invalid_json', 'We could not parse the JSON of your message.', { cause });
}
