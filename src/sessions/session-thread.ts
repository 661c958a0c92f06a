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
  /** Returns what the thread is opened with. */
  options(): ThreadOptions;
  readonly listener: AgentListener;
  onStarted(threadId: string): void;
}

export function createSessionThread(given: SessionThreadOptions): SessionThread {
  const { engine, options, onStarted } = given;
  let { id } = given;
  let thread: AgentThread | undefined;
  const listener: AgentListener = {
    ...given.listener,
    onGone() {
      thread = undefined;
      given.listener.onGone();
    },
  };
  return {
    get id() {
      return id;
    },
    async open(signal) {
      if (thread !== undefined) return thread;
      const isNew = id === null;
      thread = await (id === null
        ? engine.start(options(), listener, signal)
        : engine.resume(id, options(), listener, signal));
      id = thread.id;
      if (isNew) onStarted(id);
      return thread;
    },
    loaded: () => thread,
    async unload() {
      const loaded = thread;
      thread = undefined;
      await loaded?.unload();
    },
  };
}
