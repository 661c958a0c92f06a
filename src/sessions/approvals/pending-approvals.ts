import type { JsonObject } from '../../base/json.ts';
import type { AgentRequest, RequestAnswer } from '../../conversation/ports/agent.ts';

/** A request that waits for a decision, as clients see it. */
export interface Approval {
  readonly request_id: string;
  readonly method: string;
  readonly kind: AgentRequest['kind'];
  readonly title: string;
  readonly description: string;
  readonly preview: string;
  readonly payload: JsonObject;
  readonly turn_id: string;
  /** Unix milliseconds. */
  readonly created_at: number;
  readonly expires_at: number;
  /** Unified diff of an edit. */
  readonly diff?: string;
  /** Command line of a command. */
  readonly command?: string;
}

/** The approvals of one session that wait, oldest first. */
export interface PendingApprovals {
  add(approval: Approval, request: AgentRequest): void;
  list(): readonly Approval[];
  /** Answers one; returns it, or undefined if it is not pending. */
  answer(requestId: string | undefined, answer: RequestAnswer): Approval | undefined;
  /** Forgets one that needs no decision any more; returns it, or undefined if it has one already. */
  drop(requestId: string): Approval | undefined;
}

interface Waiting {
  readonly approval: Approval;
  readonly request: AgentRequest;
  readonly timer: NodeJS.Timeout;
}

/** @param onExpire Called with an approval that nobody has answered in time; it is declined. */
export function createPendingApprovals(onExpire: (approval: Approval) => void): PendingApprovals {
  const waiting = new Map<string, Waiting>();

  function take(requestId: string): Waiting | undefined {
    const found = waiting.get(requestId);
    if (found !== undefined) clearTimeout(found.timer);
    waiting.delete(requestId);
    return found;
  }

  function expire(approval: Approval): void {
    take(approval.request_id)?.request.answer({ decision: 'deny' });
    onExpire(approval);
  }

  return {
    add(approval, request) {
      const timer = setTimeout(() => expire(approval), approval.expires_at - Date.now());
      waiting.set(approval.request_id, { approval, request, timer });
    },
    list: () => [...waiting.values()].map(({ approval }) => approval),
    answer(requestId = waiting.keys().next().value, answer) {
      const found = requestId === undefined ? undefined : take(requestId);
      found?.request.answer(answer);
      return found?.approval;
    },
    drop: (requestId) => take(requestId)?.approval,
  };
}
