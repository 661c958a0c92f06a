import type { ServerNotification } from '../../../generated/ServerNotification.js';
import type { McpServerStartupState } from '../../../generated/v2/McpServerStartupState.js';
import { abortable } from '../../base/async/abort.ts';

/**
 * End of the start of an MCP server: `timeout` if Codex never reports one, `unknown` if it reports nothing at all, as of a
 * thread that was loaded before, and `gone` if its app-server has ended.
 */
export type StartupEnd = Exclude<McpServerStartupState, 'starting'> | 'timeout' | 'unknown' | 'gone';

/** Follows how the threads of one app-server start their MCP servers. */
export interface ServerStartups {
  follow(batch: readonly ServerNotification[]): void;
  /** Resolves when the start of a thread's server has ended; rejects with the signal's reason if it aborts first. */
  end(threadId: string, server: string, signal: AbortSignal): Promise<StartupEnd>;
  /** Forgets the server of a thread that is unloaded. */
  forget(threadId: string, server: string): void;
  close(): void;
}

/** Seconds that Codex waits for each of the two answers of a server that starts. */
export const ANSWER_SECONDS = 30;

/** Milliseconds after which a report of the end is given up, and after which none of the beginning is expected. */
const LIMITS_MS = { end: 2_000 * ANSWER_SECONDS + 5_000, beginning: 2_000 };

/** Number of reports that are kept: a server can be ready before the id of its thread is known. */
const KEPT = 1_024;

export function createServerStartups(limitsMs = LIMITS_MS): ServerStartups {
  const states = new Map<string, McpServerStartupState>();
  const sleepers = new Set<() => void>();
  let isClosed = false;

  function wake(): void {
    for (const resolve of sleepers) resolve();
  }

  async function untilNews(maxMs: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    sleepers.add(resolve);
    const timer = setTimeout(resolve, maxMs);
    await abortable(promise, signal).finally(() => {
      clearTimeout(timer);
      sleepers.delete(resolve);
    });
  }

  return {
    follow(batch) {
      for (const { method, params } of batch) {
        if (method !== 'mcpServer/startupStatus/updated') continue;
        const key = keyOf(params.threadId, params.name);
        states.delete(key);
        states.set(key, params.status);
        if (states.size > KEPT) states.delete(states.keys().next().value!);
        wake();
      }
    },
    async end(threadId, server, signal) {
      const key = keyOf(threadId, server);
      const start = performance.now();
      for (;;) {
        const state = states.get(key);
        if (isClosed) return 'gone';
        if (state !== undefined && state !== 'starting') return state;
        const limitMs = state === undefined ? limitsMs.beginning : limitsMs.end;
        const leftMs = start + limitMs - performance.now();
        if (leftMs <= 0) return state === undefined ? 'unknown' : 'timeout';
        await untilNews(leftMs, signal);
      }
    },
    forget(threadId, server) {
      states.delete(keyOf(threadId, server));
    },
    close() {
      isClosed = true;
      wake();
    },
  };
}

function keyOf(threadId: string | null, server: string): string {
  return `${threadId} ${server}`;
}
