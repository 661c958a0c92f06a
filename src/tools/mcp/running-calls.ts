/** Calls of tools that run, which can be ended together. */
export interface RunningCalls {
  readonly count: number;
  /**
   * Runs work that counts until it has really ended.
   * @param signal Aborts when the client cancels the call.
   */
  run<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  abortAll(reason: Error): void;
  /** Resolves once none of the calls that run now does so any more. */
  settled(): Promise<void>;
}

export function createRunningCalls(): RunningCalls {
  const running = new Map<AbortController, Promise<unknown>>();
  return {
    get count() {
      return running.size;
    },
    async run(signal, work) {
      const controller = new AbortController();
      const promise = work(AbortSignal.any([signal, controller.signal]));
      running.set(controller, promise);
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
      await Promise.allSettled(running.values());
    },
  };
}
