import { Worker } from 'node:worker_threads';
import { errorOf, READY, type CallMessage, type Reply } from './serve-calls.ts';

/** A worker thread that answers any number of calls at a time. */
export interface CallThread {
  /** Rejects with what kept it from beginning. */
  readonly ready: Promise<unknown>;
  /** Rejects with what has failed in the thread, or with what has ended it. The lists go ahead in parts. */
  call(call: object, lists: readonly (readonly unknown[])[]): Promise<unknown>;
  /** Lets it end what it has begun, and resolves when it has ended. */
  close(): Promise<void>;
}

export interface CallThreadOptions {
  /** The module that calls `serveCalls`. */
  readonly entry: URL;
  /** Data that `serveCalls` passes to the module. */
  readonly data: object;
  /** Megabytes of heap. */
  readonly memory: number;
  /** Passes a list on in parts. */
  sendParts(list: readonly unknown[], send: (part: readonly unknown[]) => void): Promise<void>;
  /** Hears of the end of the thread, whatever ended it. */
  onEnd(): void;
}

/** Milliseconds for a thread that is to end; then it is stopped where it is. */
const LAST_WORDS = 10_000;

/** Starts the thread. It sees nothing of the environment, and keeps the process alive only while it is called. */
export function startCallThread(options: CallThreadOptions): CallThread {
  const { entry, data, memory, sendParts, onEnd } = options;
  const worker = new Worker(entry, {
    env: {},
    execArgv: [],
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: memory },
  });
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
    async close() {
      worker.ref();
      post({ end: true });
      const stop = setTimeout(() => void worker.terminate(), LAST_WORDS);
      await ended.promise;
      clearTimeout(stop);
    },
  };
}

/** Replies by the ids of their calls. The thread keeps the process alive while one is awaited. */
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
