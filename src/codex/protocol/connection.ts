import type { Readable, Writable } from 'node:stream';
import { ConnectionError, createMessageConnection, ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { withTimeout } from '../../base/async/with-timeout.ts';
import { createSemaphore } from '../../base/async/semaphore.ts';
import { NdjsonReader, type NdjsonReaderOptions } from './ndjson-reader.ts';
import { NdjsonWriter } from './ndjson-writer.ts';
import { createParkedCalls, type ParkedCalls, type ThreadCalls } from '../chat/parked-calls.ts';
import { isRead, TIMEOUTS, type Method, type Methods, type Notification } from './protocol.ts';
import { refusalOf } from '../chat/server-requests.ts';

/**
 * Requests under way on the pipe. Past some two hundred unread ones the app-server refuses most and never answers some;
 * a turn that runs holds no place.
 */
const MAX_REQUESTS = 64;

const NEVER = new AbortController().signal;

/** A typed JSON-RPC connection to one app-server. */
export interface Connection {
  /** Rejects with an `RpcError` when the app-server refuses, does not answer in time, or is gone. */
  request<M extends Method>(
    method: M,
    params: Methods[M]['params'],
    options?: RequestOptions<Methods[M]['result']>,
  ): Promise<Methods[M]['result']>;
  /** Asks for next to nothing, beside all other requests; settles when the app-server answers, or is gone. */
  ping(): Promise<void>;
  /** Bytes that the app-server has written. */
  readonly received: number;
  /** The methods the app-server says it has; undefined when its answer cannot be read. */
  listMethods(): Promise<readonly string[] | undefined>;
  /** Lets the calls of a thread's tools wait for as long as the thread is used. */
  parkCalls(threadId: string): ThreadCalls;
  /** Rejects what is pending. */
  dispose(): void;
}

interface RequestOptions<Result> {
  /** Takes the request out of the queue for the pipe; a request that has gone out is waited for. */
  readonly signal?: AbortSignal;
  /** Hears of a reply that comes too late, for what it may have left behind. */
  onLate?(result: Result): void;
}

export type RpcFailure = 'refused' | 'timeout' | 'closed';

export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly failure: RpcFailure;
  readonly method: string;
  /** JSON-RPC error code of a refusal. */
  readonly rpcCode: number | undefined;

  constructor(failure: RpcFailure, method: string, message: string, rpcCode?: number) {
    super(message);
    this.failure = failure;
    this.method = method;
    this.rpcCode = rpcCode;
  }
}

export interface ConnectionOptions extends Pick<NdjsonReaderOptions, 'judge' | 'onTooLong'> {
  readonly input: Readable;
  readonly output: Writable;
  readonly log: Log;
  onNotification(notification: Notification): void;
  /** Something on the pipe is no message. */
  onGarbage(problem: string): void;
  /**
   * A request was not answered in time, whether or not anybody still waits for it. Resolves to true where the app-server
   * was only busy, and the request may yet be answered.
   */
  onTimeout(): Promise<boolean>;
}

export function createConnection({
  input,
  output,
  log,
  onNotification,
  onGarbage,
  onTimeout,
  ...reading
}: ConnectionOptions): Connection {
  const reader = new NdjsonReader(input, reading);
  const rpc = createMessageConnection(reader, new NdjsonWriter(output));
  const places = createSemaphore(MAX_REQUESTS);
  const parkedCalls = createParkedCalls();

  reader.onError((error) => onGarbage(error.message));
  rpc.onNotification((method, params) => {
    if (isRead(method) && typeof params === 'object') onNotification({ method, params } as Notification);
  });
  rpc.onRequest(async (method, params) => await answerRequest(method, params, parkedCalls, log));
  rpc.listen();

  async function send(
    method: string,
    params: unknown,
    milliseconds: number,
    { signal = NEVER, onLate }: RequestOptions<never> = {},
  ): Promise<unknown> {
    try {
      return await places.run(signal, async () => {
        const reply = rpc.sendRequest<never>(method, params);
        const yes = () => true;
        const answered = reply.then(yes, yes);
        for (;;) {
          const result = await withTimeout(reply, milliseconds);
          if (result !== 'timeout') return result;
          if (await Promise.race([answered, onTimeout()])) continue;
          // Nobody hears any more that a late reply is an error, or is not what it should be.
          reply.then(onLate).catch(() => {});
          throw new RpcError('timeout', method, `${method} was not answered`);
        }
      });
    } catch (error) {
      if (signal.aborted && error === signal.reason) throw error;
      throw toRpcError(method, error);
    }
  }

  return {
    request: (method, params, options) => send(method, params, TIMEOUTS[method], options) as Promise<never>,
    async ping() {
      // One that refuses lives, and one that has gone needs no more ending.
      await rpc.sendRequest('model/list', { limit: 1 }).catch(() => {});
    },
    get received() {
      return reader.received;
    },
    listMethods: () => send('codex-gateway/methods', {}, TIMEOUTS.initialize).then(() => undefined, namesIn),
    parkCalls: parkedCalls.open,
    dispose: () => rpc.dispose(),
  };
}

/** What the app-server asks for is refused, at once but for the calls of a thread's tools. */
async function answerRequest(
  method: string,
  params: unknown,
  parkedCalls: ParkedCalls,
  log: Log,
): Promise<unknown> {
  const { threadId } = (params ?? {}) as { readonly threadId?: unknown };
  const parked = method === 'item/tool/call' ? parkedCalls.park(threadId) : undefined;
  if (parked) await parked;
  else log.warn('app-server request refused', { method });
  return (
    refusalOf(method) ?? new ResponseError(ErrorCodes.InvalidRequest, 'codex-gateway refuses this request')
  );
}

/** An unknown method is answered by a sentence that names all known ones in backticks. */
function namesIn(refusal: unknown): string[] | undefined {
  const names = messageOf(refusal)
    .match(/`[^`]+`/g)
    ?.map((name) => name.slice(1, -1));
  return names && names.length > 2 ? names : undefined;
}

/** Codes that vscode-jsonrpc gives to what failed on this side of the pipe. */
const LOCAL_CODES: readonly number[] = [
  ErrorCodes.PendingResponseRejected,
  ErrorCodes.ConnectionInactive,
  ErrorCodes.MessageReadError,
  ErrorCodes.MessageWriteError,
];

function toRpcError(method: string, error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  const closed =
    error instanceof ConnectionError || (error instanceof ResponseError && LOCAL_CODES.includes(error.code));
  if (closed) return new RpcError('closed', method, `the app-server ended before it answered ${method}`);
  const code = error instanceof ResponseError ? error.code : undefined;
  return new RpcError('refused', method, messageOf(error), code);
}
