import type { Readable, Writable } from 'node:stream';
import type { ServerNotification } from '../../../generated/ServerNotification.js';
import {
  createMessageConnection,
  ErrorCodes,
  type Message,
  type MessageConnection,
  type ResponseMessage,
} from 'vscode-jsonrpc/node';
import { messageOf } from '../../base/errors.ts';
import { isJsonObject } from '../../base/json.ts';
import { NEVER_ABORTED } from '../../base/async/abort.ts';
import { createSemaphore } from '../../base/async/semaphore.ts';
import { TIMEOUTS_MS, type Method, type Methods } from './methods.ts';
import { NdjsonReader, type JsonRequest, type LineTreatment } from './ndjson-reader.ts';
import { NdjsonWriter } from './ndjson-writer.ts';
import { createUnreadLines, isHeard, type NotificationTable } from './notifications.ts';
import { RpcError, toRpcError } from './rpc-error.ts';

/**
 * Maximum number of pending requests on the pipe. With some two hundred unread ones the app-server refuses most of
 * them and never answers some. A running turn is not a pending request.
 */
const MAX_REQUESTS = 64;

/** A typed JSON-RPC connection to one app-server. */
export interface Connection {
  /** Rejects with an `RpcError` when the app-server refuses, does not answer in time, or is gone. */
  request<M extends Method>(
    method: M,
    params: Methods[M]['params'],
    options?: RequestOptions<Methods[M]['result']>,
  ): Promise<Methods[M]['result']>;
  /** Sends a small request without waiting for others; settles when the app-server answers, or is gone. */
  ping(): Promise<void>;
  /** Bytes that the app-server has written. */
  readonly receivedBytes: number;
  /** The methods the app-server says it has; undefined when its answer cannot be read. */
  listMethods(): Promise<readonly string[] | undefined>;
  /** Rejects what is pending. */
  dispose(): void;
}

interface RequestOptions<Result> {
  /** Takes the request out of the queue for the pipe; a request that has been sent is waited for. */
  readonly signal?: AbortSignal;
  /** Called with a reply that comes after the timeout, to clean up what it may have left behind. */
  onLate?(result: Result): void;
  /** Called once the request is on its way: from then on, the app-server may have read it. */
  onWritten?(): void;
}

/** Decisions of the one who uses a connection. The transport itself makes none of them. */
export interface ConnectionPolicy {
  /** The notifications that are heard. */
  readonly notifications: NotificationTable;
  /** Returns the answer to a request of the app-server; undefined refuses it by a JSON-RPC error. */
  answer(
    method: string,
    params: unknown,
    id: JsonRequest['id'],
  ): object | undefined | Promise<object | undefined>;
  /** Decides by its beginning how a line is read. Without it, every line is parsed as it is. */
  classifyLine?(head: string): LineTreatment;
}

export interface ConnectionOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly policy: ConnectionPolicy;
  /** Called with the notifications that one read of the pipe brought, in order, in the tick in which they were read. */
  onNotifications(batch: readonly ServerNotification[]): void;
  /** Returns false for a thread whose notifications nobody reads. Without it, all are read. */
  listens?(threadId: string): boolean;
  /** Called for anything on the pipe that is not a message. */
  onGarbage(problem: string): void;
  /** Called with the beginning of a line that is too long to be read. */
  onTooLong?(head: string): void;
  /**
   * Called when a request was not answered in time, even if nobody waits for it any more. Resolves to true if the
   * app-server was only busy, and the request may still be answered.
   */
  onTimeout(): Promise<boolean>;
}

export function createConnection(options: ConnectionOptions): Connection {
  const { input, output, policy, onNotifications, listens = () => true, onGarbage, onTooLong } = options;
  const reader = new NdjsonReader(input, {
    isUnread: createUnreadLines(policy.notifications, listens),
    classifyLine: policy.classifyLine,
    onTooLong,
    onNotifications(batch) {
      const heard = batch.filter(
        (message): message is ServerNotification =>
          isJsonObject(message.params) && isHeard(policy.notifications, message),
      );
      if (heard.length > 0) onNotifications(heard);
    },
    // vscode-jsonrpc would handle it after the notifications that follow.
    onRequest: (request) => void answerRequest(request, policy, writer),
  });
  const written = createWrittenMarks();
  const writer = new NdjsonWriter(output, written.note);
  // With any limit at all, replies are settled as they are read rather than one by one, in a task each.
  const rpc = createMessageConnection(reader, writer, undefined, {
    maxParallelism: Number.MAX_SAFE_INTEGER,
  });

  reader.onError((error) => onGarbage(error.message));
  rpc.listen();

  const send = createSender(rpc, written, options.onTimeout);
  return {
    request: (method, params, requestOptions) =>
      send(method, params, TIMEOUTS_MS[method], requestOptions) as Promise<never>,
    async ping() {
      try {
        // It throws at once if the connection is over.
        await rpc.sendRequest('model/list', { limit: 1 });
      } catch {
        // An app-server that refuses is alive, and one that has gone needs no ending.
      }
    },
    get receivedBytes() {
      return reader.receivedBytes;
    },
    listMethods: () =>
      send('codex-gateway/methods', {}, TIMEOUTS_MS.initialize).then(() => undefined, namesIn),
    dispose: () => rpc.dispose(),
  };
}

async function answerRequest(
  { id, method, params }: JsonRequest,
  policy: ConnectionPolicy,
  writer: NdjsonWriter,
): Promise<void> {
  let result: object | undefined;
  try {
    result = await policy.answer(method, params, id);
  } catch {
    // A request without an answer is refused.
  }
  const error = { code: ErrorCodes.InvalidRequest, message: 'codex-gateway refuses this request' };
  const reply: ResponseMessage = { jsonrpc: '2.0', id, ...(result ? { result } : { error }) };
  // Nobody waits for a reply to an app-server that has gone.
  await writer.write(reply).catch(() => {});
}

type Send = (
  method: string,
  params: object,
  timeoutMs: number,
  options?: RequestOptions<never>,
) => Promise<unknown>;

/** Tells which requests have been written, by their parameters: the rest of a message is made by vscode-jsonrpc. */
function createWrittenMarks() {
  const callbacks = new WeakMap<object, () => void>();
  return {
    watch: (params: object, callback: () => void) => void callbacks.set(params, callback),
    note(message: Message): void {
      const { params } = message as { readonly params?: unknown };
      if (typeof params === 'object' && params !== null) callbacks.get(params)?.();
    },
  };
}

/** Creates a function that sends a request in its turn and waits for the reply; it rejects with an `RpcError`. */
function createSender(
  rpc: MessageConnection,
  written: Pick<ReturnType<typeof createWrittenMarks>, 'watch'>,
  onTimeout: ConnectionOptions['onTimeout'],
): Send {
  const slots = createSemaphore(MAX_REQUESTS);

  async function exchange(
    method: string,
    params: object,
    timeoutMs: number,
    onLate: RequestOptions<never>['onLate'],
  ): Promise<unknown> {
    const reply = rpc.sendRequest<never>(method, params);
    const result = await inTime(reply, timeoutMs, onTimeout);
    if (result !== 'timeout') return result;
    // A late reply that is an error, or has another form than expected, concerns nobody any more.
    reply.then(onLate).catch(() => {});
    throw new RpcError('timeout', method, `${method} was not answered`);
  }

  return async (method, params, timeoutMs, { signal = NEVER_ABORTED, onLate, onWritten } = {}) => {
    let isUnsent = true;
    written.watch(params, () => {
      isUnsent = false;
      onWritten?.();
    });
    try {
      return await slots.run(signal, () => exchange(method, params, timeoutMs, onLate));
    } catch (error) {
      if (signal.aborted && error === signal.reason) throw error;
      throw toRpcError(method, error, isUnsent);
    }
  };
}

/** Settles like the reply, or resolves to `'timeout'` once that is late and the app-server is not merely busy. */
function inTime<T>(
  reply: Promise<T>,
  timeoutMs: number,
  onTimeout: ConnectionOptions['onTimeout'],
): Promise<T | 'timeout'> {
  const { promise, resolve, reject } = Promise.withResolvers<T | 'timeout'>();
  let isSettled = false;
  let timer = setTimeout(expire, timeoutMs);

  function expire(): void {
    onTimeout().then((isBusy) => {
      if (isSettled) return;
      if (isBusy) timer = setTimeout(expire, timeoutMs);
      else resolve('timeout');
    }, reject);
  }
  function end(settle: () => void): void {
    isSettled = true;
    clearTimeout(timer);
    settle();
  }
  reply.then(
    (result) => end(() => resolve(result)),
    (error: unknown) => end(() => reject(error)),
  );
  return promise;
}

/** Reads the names of methods: the error for an unknown method names all known ones in backticks. */
function namesIn(refusal: unknown): string[] | undefined {
  const names = messageOf(refusal)
    .match(/`[^`]+`/g)
    ?.map((name) => name.slice(1, -1));
  return names && names.length > 2 ? names : undefined;
}
