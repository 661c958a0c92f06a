import type { Worker } from 'node:worker_threads';
import { errorOf, READY, type CallMessage, type Reply } from './serve-calls.ts';
import { startWorker } from './start-worker.ts';

/** A worker thread that answers any number of calls at the same time. */
export interface CallThread {
  /** Rejects with the error that kept the thread from starting. */
  readonly ready: Promise<unknown>;
  /** Rejects with the error of the call, or the one that ended the thread. The lists are sent first, in parts. */
  call(call: object, lists: readonly (readonly unknown[])[]): Promise<unknown>;
  /** Ends the thread, which has no calls, as it is. */
  abandon(): void;
  /** Lets the thread finish its calls, and resolves when it has ended. */
  close(): Promise<void>;
}

export interface CallThreadOptions {
  /** The module that calls `serveCalls`. */
  readonly entry: URL;
  /** Data that `serveCalls` passes to the module. */
  readonly data: object;
  readonly heapMegabytes: number;
  /** Sends a list in parts. */
  sendParts(list: readonly unknown[], send: (part: readonly unknown[]) => void): Promise<void>;
  /** Called when the thread ends, for whatever reason. */
  onEnd(): void;
}

/** Milliseconds for a thread to end by itself; after that it is terminated. */
const CLOSE_TIMEOUT_MS = 10_000;

/** Starts the thread, which keeps the process alive only while it has calls. */
export function startCallThread(options: CallThreadOptions): CallThread {
  const { entry, data, heapMegabytes, sendParts, onEnd } = options;
  const worker = startWorker(entry, heapMegabytes, data);
  const replies = awaitReplies(worker);
  const ended = Promise.withResolvers<void>();
  let isOver = false;
  let last = READY;

  function finish(error: unknown): void {
    if (isOver) return;
    isOver = true;
    replies.fail(error);
    onEnd();
  }
  worker.on('error', finish);
  worker.on('exit', (code) => {
    finish(new Error(`a worker thread ended with code ${code}`));
    ended.resolve();
  });

  const post = (message: CallMessage) => worker.postMessage(message);
  const ready = replies.expect(READY);
  // The caller may give up before the thread is ready.
  ready.catch(() => {});
  return {
    ready,
    async call(call, lists) {
      const id = (last += 1);
      for (const [list, elements] of lists.entries()) {
        await sendParts(elements, (part) => post({ id, list, part }));
      }
      if (isOver) throw new Error('a worker thread has ended');
      const reply = replies.expect(id);
      post({ id, call });
      return await reply;
    },
    abandon: () => void worker.terminate(),
    async close() {
      worker.ref();
      post({ end: true });
      const stop = setTimeout(() => void worker.terminate(), CLOSE_TIMEOUT_MS);
      await ended.promise;
      clearTimeout(stop);
    },
  };
}

/** Matches replies with calls by id. The thread keeps the process alive while a reply is awaited. */
function awaitReplies(worker: Worker) {
  const pending = new Map<number, PromiseWithResolvers<unknown>>();
  worker.on('message', ({ id, result, problem }: Reply) => {
    const reply = pending.get(id);
    pending.delete(id);
    if (pending.size === 0) worker.unref();
    if (problem) reply?.reject(errorOf(problem));
    else reply?.resolve(result);
  });
  return {
    async expect(id: number): Promise<unknown> {
      const reply = Promise.withResolvers<unknown>();
      pending.set(id, reply);
      worker.ref();
      return await reply.promise;
    },
    fail(error: unknown): void {
      for (const { reject } of pending.values()) reject(error);
      pending.clear();
    },
  };
}
