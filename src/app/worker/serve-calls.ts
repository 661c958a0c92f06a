import { parentPort, workerData } from 'node:worker_threads';
import { GatewayError, messageOf, StartupError, type ErrorCode } from '../../base/errors.ts';

/** A part of a list, which is sent before its call; a call; or the request that the thread ends. */
export type CallMessage =
  | { readonly id: number; readonly list: number; readonly part: readonly unknown[] }
  | { readonly id: number; readonly call: object }
  | { readonly end: true };

/** The result of a call. */
export interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly problem?: Problem;
}

/** An error in a form that crosses threads. */
export interface Problem {
  readonly name: string;
  readonly message: string;
  /** Code of a `GatewayError`. */
  readonly code?: ErrorCode;
  readonly retryAfter?: number | undefined;
}

/** Id of the first reply, which belongs to no call: the thread is ready, or could not start. */
export const READY = 0;

interface Served {
  run(call: object, lists: unknown[][]): Promise<unknown>;
  close(): Promise<void>;
}

/** Makes the current thread answer calls, any number at the same time. */
export function serveCalls(open: (data: unknown) => Promise<Served>): void {
  if (parentPort === null) throw new Error('only a worker thread serves calls');
  const port = parentPort;
  const parts = new Map<number, unknown[][]>();
  const served = open(workerData);

  async function answer(id: number, work: () => Promise<unknown>): Promise<void> {
    let reply: Reply;
    try {
      reply = { id, result: await work() };
    } catch (error) {
      reply = { id, problem: describe(error) };
    }
    port.postMessage(reply);
  }

  port.on('message', (message: CallMessage) => {
    if ('end' in message) {
      // If closing fails, the thread ends anyway.
      void served
        .then(async ({ close }) => await close())
        .then(
          () => port.close(),
          () => port.close(),
        );
      return;
    }
    const { id } = message;
    const lists = parts.get(id) ?? [];
    if ('part' in message) {
      parts.set(id, lists);
      (lists[message.list] ??= []).push(...message.part);
      return;
    }
    parts.delete(id);
    void answer(id, async () => await (await served).run(message.call, lists));
  });
  void answer(READY, async () => void (await served));
}

function describe(error: unknown): Problem {
  const problem = { name: (error as Error).name, message: messageOf(error) };
  if (!(error instanceof GatewayError)) return problem;
  return { ...problem, code: error.code, retryAfter: error.detail.retryAfter };
}

/** Restores an error that another thread has described. */
export function errorOf({ name, message, code, retryAfter }: Problem): Error {
  if (code !== undefined) {
    return new GatewayError(code, message, retryAfter === undefined ? {} : { retryAfter });
  }
  return name === 'StartupError' ? new StartupError(message) : new Error(message);
}
