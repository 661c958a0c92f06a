import { GatewayError } from '../base/errors.ts';
import type { SessionStore } from '../conversation/ports/session-store.ts';

/** Sees to it that each thread has one session: a thread has one listener, and its turns belong to one session. */
export interface ThreadClaims {
  /** Creates a session on a thread. Rejects if another one works on it, or is being created. */
  claim<T>(threadId: string, owner: string, create: () => Promise<T>): Promise<T>;
  /** Returns those of some threads on which no other caller has a session. */
  own(threadIds: readonly string[], owner: string): Promise<ReadonlySet<string>>;
}

export function createThreadClaims(store: Pick<SessionStore, 'threadOwners'>): ThreadClaims {
  const claimed = new Set<string>();
  return {
    async claim(threadId, owner, create) {
      if (claimed.has(threadId)) throw threadInUse();
      claimed.add(threadId);
      try {
        const holders = await store.threadOwners([threadId]);
        // Nobody learns of the sessions of another caller.
        if (holders.some((holder) => holder.owner !== owner)) throw threadNotFound();
        if (holders.length > 0) throw threadInUse();
        return await create();
      } finally {
        claimed.delete(threadId);
      }
    },
    async own(threadIds, owner) {
      const others = (await store.threadOwners(threadIds)).filter((holder) => holder.owner !== owner);
      return new Set(threadIds).difference(new Set(others.map(({ threadId }) => threadId)));
    },
  };
}

function threadInUse(): GatewayError {
  return new GatewayError('session_conflict', 'Another session works on this thread already.');
}

function threadNotFound(): GatewayError {
  return new GatewayError('thread_not_found', 'Codex keeps no thread with this id.', { param: 'thread_id' });
}
