import type { AgentEngine, AgentListener, AgentThread, ThreadOptions } from '../conversation/ports/agent.ts';

/** The thread of one session, which is loaded while the session works. */
export interface SessionThread {
  /** Id of the thread; null before the first turn. */
  readonly id: string | null;
  /** Loads the thread, or starts a new one. Rejects with a `GatewayError`. */
  open(signal: AbortSignal): Promise<AgentThread>;
  /** Returns the thread if it is loaded. */
  loaded(): AgentThread | undefined;
  unload(): Promise<void>;
}

export interface SessionThreadOptions {
  readonly engine: AgentEngine;
  /** Id of a thread that exists already. */
  readonly id: string | null;
  /** Resolves to what the thread is opened with. Rejects with a `GatewayError`. */
  options(): Promise<ThreadOptions>;
  readonly listener: AgentListener;
  onStarted(threadId: string): void;
}

export function createSessionThread(given: SessionThreadOptions): SessionThread {
  const { engine, options, onStarted } = given;
  let { id } = given;
  let thread: AgentThread | undefined;
  let key: string | undefined;
  const listener: AgentListener = {
    ...given.listener,
    onGone() {
      thread = undefined;
      given.listener.onGone();
    },
  };
  async function unload(): Promise<void> {
    const loaded = thread;
    thread = undefined;
    await loaded?.unload();
  }

  return {
    get id() {
      return id;
    },
    async open(signal) {
      const opening = await options();
      // A thread that is loaded keeps the key of its provider.
      if (opening.provider?.key !== key) await unload();
      if (thread !== undefined) return thread;
      const isNew = id === null;
      thread = await (id === null
        ? engine.start(opening, listener, signal)
        : engine.resume(id, opening, listener, signal));
      key = opening.provider?.key;
      id = thread.id;
      if (isNew) onStarted(id);
      return thread;
    },
    loaded: () => thread,
    unload,
  };
}
