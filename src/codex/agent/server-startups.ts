import type { ServerNotification } from '../../../generated/ServerNotification.js';
import type { McpServerStartupState } from '../../../generated/v2/McpServerStartupState.js';
import { withTimeout } from '../../base/async/with-timeout.ts';

/** End of the start of an MCP server: `timeout` if Codex never reports one, `gone` if its app-server ends first. */
export type StartupEnd = Exclude<McpServerStartupState, 'starting'> | 'timeout' | 'gone';

/** Follows how the threads of one app-server start their MCP servers. */
export interface ServerStartups {
  follow(batch: readonly ServerNotification[]): void;
  /** Resolves when the start of a thread's server has ended, which is asked for once. */
  end(threadId: string, server: string): Promise<StartupEnd>;
  close(): void;
}

/** Longer than Codex lets a server start. */
const LIMIT_MS = 15_000;

/** Number of ends that are kept: a server can be ready before the thread's id is known. */
const KEPT = 256;

export function createServerStartups(limitMs = LIMIT_MS): ServerStartups {
  const ends = new Map<string, StartupEnd>();
  const waiting = new Map<string, (end: StartupEnd) => void>();

  function note(key: string, status: McpServerStartupState): void {
    ends.delete(key);
    if (status === 'starting') return;
    ends.set(key, status);
    if (ends.size > KEPT) ends.delete(ends.keys().next().value!);
    waiting.get(key)?.(status);
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
      const { promise, resolve } = Promise.withResolvers<StartupEnd>();
      waiting.set(key, resolve);
      return await withTimeout(promise, limitMs).finally(() => waiting.delete(key));
    },
    close() {
      for (const resolve of waiting.values()) resolve('gone');
    },
  };
}

function keyOf(threadId: string | null, server: string): string {
  return `${threadId} ${server}`;
}
