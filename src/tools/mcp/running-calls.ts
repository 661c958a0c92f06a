/** Calls of tools that run, which can be ended together. */
export interface RunningCalls {
  readonly count: number;
  /** Ids of their requests. */
  readonly ids: readonly RequestId[];
  /** Runs work that counts until it has really ended. */
  run<T>(request: CallRequest, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  abortAll(reason: Error): void;
  /** Resolves once none of the calls that run now does so any more. */
  settled(): Promise<void>;
}

type RequestId = string | number;

interface CallRequest {
  readonly id: RequestId;
  /** Aborts when the client cancels the call. */
  readonly signal: AbortSignal;
}

interface RunningCall {
  readonly id: RequestId;
  readonly promise: Promise<unknown>;
}

export function createRunningCalls(): RunningCalls {
  const running = new Map<AbortController, RunningCall>();
  return {
    get count() {
      return running.size;
    },
    get ids() {
      return Array.from(running.values(), ({ id }) => id);
    },
    async run({ id, signal }, work) {
      const controller = new AbortController();
      const promise = work(AbortSignal.any([signal, controller.signal]));
      running.set(controller, { id, promise });
      try {
        return await promise;
      } finally {
        running.delete(controller);
      }
    },
    abortAll(reason) {
      for (const controller of running.keys()) controller.abort(reason);
    },
    async settled() {
      await Promise.allSettled(Array.from(running.values(), ({ promise }) => promise));
    },
  };
}
