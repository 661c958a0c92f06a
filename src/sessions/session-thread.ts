import { GatewayError } from '../base/errors.ts';
import type {
  AgentEngine,
  AgentEvent,
  AgentListener,
  AgentThread,
  AgentTools,
  ThreadOptions,
} from '../conversation/ports/agent.ts';
import { hideKey } from './providers/hide-key.ts';

/** The thread of one session, which is loaded while the session works. */
export interface SessionThread {
  /** Id of the thread; null before the first turn. */
  readonly id: string | null;
  /** Loads the thread, or starts a new one. Rejects with a `GatewayError`. */
  open(signal: AbortSignal): Promise<AgentThread>;
  /** Starts the thread with the history of another one, up to one of its turns. */
  fork(threadId: string, lastTurnId: string | undefined, signal: AbortSignal): Promise<void>;
  /** Returns the thread if it is loaded. */
  loaded(): AgentThread | undefined;
  unload(): Promise<void>;
}

export interface SessionThreadOptions {
  readonly engine: AgentEngine;
  /** Id of a thread that exists already. */
  readonly id: string | null;
  /** Resolves to what the thread is opened with. Rejects with a `GatewayError` if something is missing. */
  options(): Promise<ThreadOptions>;
  /** Resolves to the tools with which the thread is opened, with a new key each time. */
  tools(): Promise<AgentTools | undefined>;
  readonly listener: AgentListener;
  /** Returns true if only turns that were cut off have begun in the thread, so that it may not have been kept. */
  isUncertain(): boolean;
  onStarted(threadId: string): void;
}

export function createSessionThread(given: SessionThreadOptions): SessionThread {
  const { engine, options, onStarted } = given;
  let { id } = given;
  let thread: AgentThread | undefined;
  /** The options with which it was opened last. */
  let latest: ThreadOptions | undefined;
  const listener: AgentListener = {
    ...given.listener,
    onEvents: (events) => given.listener.onEvents(hideKeys(events, latest)),
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
  async function withTools(chosen: ThreadOptions): Promise<ThreadOptions> {
    latest = { ...chosen, tools: await given.tools() };
    return latest;
  }
  async function openAnew(opening: ThreadOptions, signal: AbortSignal): Promise<AgentThread> {
    try {
      if (id !== null) return await engine.resume(id, opening, listener, signal);
    } catch (error) {
      const isLost = error instanceof GatewayError && error.code === 'thread_not_found';
      if (!isLost || !given.isUncertain()) throw error;
      id = null;
    }
    return await engine.start(opening, listener, signal);
  }
  function use(opened: AgentThread): AgentThread {
    const isNew = id === null;
    ({ id } = opened);
    if (isNew) onStarted(id);
    return (thread = opened);
  }

  return {
    get id() {
      return id;
    },
    async open(signal) {
      const chosen = await options();
      // A thread that is loaded keeps the key of its provider.
      if (chosen.provider?.key !== latest?.provider?.key) await unload();
      return thread ?? use(await openAnew(await withTools(chosen), signal));
    },
    async fork(threadId, lastTurnId, signal) {
      if (id !== null) throw new GatewayError('session_conflict', 'The session has a thread already.');
      const opening = await withTools(await options());
      use(await engine.fork(threadId, { ...opening, lastTurnId }, listener, signal));
    },
    loaded: () => thread,
    unload,
  };
}

function hideKeys(events: readonly AgentEvent[], options: ThreadOptions | undefined): readonly AgentEvent[] {
  return hideKey(hideKey(events, options?.provider?.key), options?.tools?.key);
}
