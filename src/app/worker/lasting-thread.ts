import { shuttingDown, StartupError } from '../../base/errors.ts';
import { withTimeout } from '../../base/async/with-timeout.ts';
import { startCallThread, type CallThread, type CallThreadOptions } from './call-thread.ts';

/** A thread for calls that is restarted after it has ended. */
export interface LastingThread extends Pick<CallThread, 'ready' | 'call'> {
  /** Waits for the calls in progress, then ends the thread. */
  close(): Promise<void>;
}

/** Thrown for a call that has had no answer for longer than any work takes. */
export class SilentThreadError extends Error {}

/**
 * Starts the thread. If it ends, the next call starts another one.
 *
 * @param callTimeoutMs Maximum milliseconds for one call.
 */
export function startLastingThread(
  options: Omit<CallThreadOptions, 'onEnd'>,
  callTimeoutMs: number,
): LastingThread {
  const running = new Set<Promise<unknown>>();
  let thread: CallThread | undefined = start();
  let closed = false;

  function start(): CallThread {
    const started = startCallThread({ ...options, onEnd: () => forget(started) });
    return started;
  }
  function forget(ended: CallThread): void {
    if (thread === ended) thread = undefined;
  }

  async function callIt(call: object, lists: readonly (readonly unknown[])[]): Promise<unknown> {
    thread ??= start();
    const current = thread;
    const reply = current.ready.then(async () => await current.call(call, lists));
    try {
      const first = await withTimeout(reply, callTimeoutMs);
      if (first !== 'timeout') return first;
    } catch (error) {
      // A thread that could not start is useless.
      if (error instanceof StartupError && thread === current) {
        forget(current);
        void current.close();
      }
      throw error;
    }
    throw new SilentThreadError('a worker thread does not answer');
  }

  return {
    ready: thread.ready,
    async call(call, lists) {
      if (closed) throw shuttingDown();
      const reply = callIt(call, lists);
      running.add(reply);
      return await reply.finally(() => running.delete(reply));
    },
    async close() {
      closed = true;
      await Promise.allSettled(running);
      await thread?.close();
    },
  };
}
