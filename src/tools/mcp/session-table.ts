import { GatewayError } from '../../base/errors.ts';
import type { McpSession } from './mcp-session.ts';

export interface SessionBounds {
  /** Maximum number of sessions of one key. */
  readonly perKey: number;
  readonly total: number;
}

/** The sessions that are open, the one that was used longest ago first. */
export interface SessionTable {
  /** Returns the session that belongs to a key; undefined for one of another key, as if it did not exist. */
  find(id: string, callerId: string): McpSession | undefined;
  /** Makes room for another session, or throws a `GatewayError`. */
  makeRoom(callerId: string): void;
  add(session: McpSession): void;
  remove(id: string): void;
  all(): readonly McpSession[];
}

const RETRY_AFTER_SECONDS = 5;

export function createSessionTable({ perKey, total }: SessionBounds): SessionTable {
  const sessions = new Map<string, McpSession>();

  /** Ends the session that was used longest ago, of those that nobody would miss. */
  function endIdle(candidates: readonly McpSession[]): void {
    const session = candidates.find(({ isIdle }) => isIdle);
    if (session === undefined) {
      throw new GatewayError(
        'queue_full',
        'Too many sessions of the Model Context Protocol are open; end one of them, or try again later.',
        { retryAfter: RETRY_AFTER_SECONDS },
      );
    }
    sessions.delete(session.id);
    void session.end();
  }

  return {
    find(id, callerId) {
      const session = sessions.get(id);
      if (session?.callerId !== callerId) return undefined;
      sessions.delete(id);
      sessions.set(id, session);
      return session;
    },
    makeRoom(callerId) {
      const all = [...sessions.values()];
      const own = all.filter((session) => session.callerId === callerId);
      if (own.length >= perKey) endIdle(own);
      else if (all.length >= total) endIdle(all);
    },
    add: (session) => void sessions.set(session.id, session),
    remove: (id) => void sessions.delete(id),
    all: () => [...sessions.values()],
  };
}
