import type { AgentRequest } from '../../conversation/ports/agent.ts';
import type { Approval } from '../events/shapes.ts';

export interface PendingApproval {
  readonly approval: Approval;
  readonly request: AgentRequest;
}

/** The approvals of one session that wait, the oldest first. */
export interface PendingApprovals {
  add(pending: PendingApproval): void;
  list(): readonly Approval[];
  /** Returns one that waits, which stays; undefined stands for the oldest. */
  find(requestId: string | undefined): PendingApproval | undefined;
  /** Removes one and returns it; undefined if it does not wait, or no longer. */
  take(requestId: string): PendingApproval | undefined;
}

interface Waiting extends PendingApproval {
  readonly timer: NodeJS.Timeout;
}

/**
 * @param onExpire Called with an approval that nobody has answered in time, which is removed.
 * @param onWaiting Called with true when a first one begins to wait, and with false when none waits any more.
 */
export function createPendingApprovals(
  onExpire: (pending: PendingApproval) => void,
  onWaiting: (isWaiting: boolean) => void,
): PendingApprovals {
  const waiting = new Map<string, Waiting>();

  function take(requestId: string): Waiting | undefined {
    const found = waiting.get(requestId);
    if (found === undefined) return undefined;
    clearTimeout(found.timer);
    waiting.delete(requestId);
    if (waiting.size === 0) onWaiting(false);
    return found;
  }

  return {
    add({ approval, request }) {
      const { request_id: id, expires_at: expiresAt } = approval;
      const timer = setTimeout(() => onExpire(take(id)!), expiresAt - Date.now());
      waiting.set(id, { approval, request, timer });
      if (waiting.size === 1) onWaiting(true);
    },
    list: () => [...waiting.values()].map(({ approval }) => approval),
    find: (requestId = waiting.keys().next().value) =>
      requestId === undefined ? undefined : waiting.get(requestId),
    take,
  };
}
