import { shuttingDown } from '../../base/errors.ts';
import { withTimeout } from '../../base/async/with-timeout.ts';
import { startCallThread, type CallThread, type CallThreadOptions } from './call-thread.ts';

/** Milliseconds without a call after which a thread is ended, which gives its memory back; the next call starts another. */
export interface IdleLimits {
  /** Before the second call. */
  readonly firstMs: number;
  readonly laterMs: number;
}

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
 * @param idle Without it, the thread stays.
 */
export function startLastingThread(
  options: Omit<CallThreadOptions, 'onEnd'>,
  callTimeoutMs: number,
  idle?: IdleLimits,
): LastingThread {
  const running = new Set<Promise<unknown>>();
  let thread: CallThread | undefined = start();
  let closed = false;
  const idling = createIdleTimer(idle, endIdle);

  function start(): CallThread {
    const started = startCallThread({ ...options, onEnd: () => forget(started) });
    return started;
  }
  function forget(ended: CallThread | undefined): void {
    if (thread === ended) thread = undefined;
  }
  /** Ends a thread that could not start: it is useless, and the next call may fare better with another one. */
  function giveUp(useless: CallThread): void {
    if (thread !== useless) return;
    forget(useless);
    void useless.close();
  }
  /** Ends the thread, which loses nothing: a call that comes now starts another one. */
  function endIdle(): void {
    thread?.abandon();
    forget(thread);
  }

  async function callIt(call: object, lists: readonly (readonly unknown[])[]): Promise<unknown> {
    const current = (thread ??= start());
    const ready = current.ready.catch((error: unknown) => {
      giveUp(current);
      throw error;
    });
    const reply = ready.then(async () => await current.call(call, lists));
    const first = await withTimeout(reply, callTimeoutMs);
    if (first !== 'timeout') return first;
    throw new SilentThreadError('a worker thread does not answer');
  }
  return {
    ready: thread.ready,
    async call(call, lists) {
      if (closed) throw shuttingDown();
      idling.begin();
      const reply = callIt(call, lists);
      running.add(reply);
      return await reply.finally(() => {
        running.delete(reply);
        if (!closed && running.size === 0) idling.wait();
      });
    },
    async close() {
      closed = true;
      idling.stop();
      await Promise.allSettled(running);
      await thread?.close();
    },
  };
}

/** Creates a timer for the time without a call; without limits, it never ends. */
function createIdleTimer(limits: IdleLimits | undefined, onEnd: () => void) {
  let calls = 0;
  let timer: NodeJS.Timeout | undefined;
  return {
    begin(): void {
      clearTimeout(timer);
      calls += 1;
    },
    wait(): void {
      if (limits) timer = setTimeout(onEnd, calls > 1 ? limits.laterMs : limits.firstMs).unref();
    },
    stop: () => clearTimeout(timer),
  };
}
