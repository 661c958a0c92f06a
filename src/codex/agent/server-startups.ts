import type { ServerNotification } from '../../../generated/ServerNotification.js';
import type { McpServerStartupState } from '../../../generated/v2/McpServerStartupState.js';
import { withTimeout } from '../../base/async/with-timeout.ts';

/** End of the start of an MCP server: `timeout` if Codex never reports one, `gone` if its app-server ends first. */
export type StartupEnd = Exclude<McpServerStartupState, 'starting'> | 'timeout' | 'gone';

/** Follows how the threads of one app-server start their MCP servers. */
export interface ServerStartups {
  follow(batch: readonly ServerNotification[]): void;
  /** Resolves when the start of a thread's server has ended. */
  end(threadId: string, server: string): Promise<StartupEnd>;
  close(): void;
}

/** Time that Codex lets a server of the gateway's take to start, and the time until its report of the end is given up. */
export const STARTUP_SECONDS = 10;
const LIMIT_MS = 15_000;

/** Number of ends that are kept: a server can be ready before the thread's id is known. */
const KEPT = 256;

export function createServerStartups(limitMs = LIMIT_MS): ServerStartups {
  const ends = new Map<string, StartupEnd>();
  const awaited = new Map<string, PromiseWithResolvers<StartupEnd>>();

  function note(key: string, status: McpServerStartupState): void {
    ends.delete(key);
    if (status === 'starting') return;
    ends.set(key, status);
    if (ends.size > KEPT) ends.delete(ends.keys().next().value!);
    awaited.get(key)?.resolve(status);
    awaited.delete(key);
  }

  return {
    follow(batch) {
      for (const { method, params } of batch)
        if (method === 'mcpServer/startupStatus/updated')
          note(keyOf(params.threadId, params.name), params.status);
    },
    async end(threadId, server) {
      const key = keyOf(threadId, server);
      const known = ends.get(key);
      if (known !== undefined) return known;
      const waiting = awaited.get(key) ?? Promise.withResolvers<StartupEnd>();
      awaited.set(key, waiting);
      return await withTimeout(waiting.promise, limitMs);
    },
    close() {
      for (const { resolve } of awaited.values()) resolve('gone');
    },
  };
}

function keyOf(threadId: string | null, server: string): string {
  return `${threadId} ${server}`;
}
