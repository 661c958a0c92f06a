import { GatewayError } from '../../base/errors.ts';
import type { AgentEvent, AgentRequest, RequestAnswer, Review } from '../../conversation/ports/agent.ts';
import type { EventLog } from '../events/event-log.ts';
import { describeRequest } from './describe-request.ts';
import { createPendingApprovals, type Approval } from './pending-approvals.ts';

/** Decides about the requests of one session's agent, or lets a person decide. */
export interface SessionApprovals {
  /** Hears every event of the agent before clients see it, since a request names only the id of its item. */
  hear(event: AgentEvent): void;
  ask(request: AgentRequest): void;
  /** Answers a request; undefined means the oldest one. Rejects with a `GatewayError` if it is not pending. */
  answer(requestId: string | undefined, answer: RequestAnswer): Promise<void>;
  /** Returns the requests that wait for a person, the oldest first. */
  list(): readonly Approval[];
  /** Forgets all of them, since the process that asked has ended or the session is deleted. */
  dropAll(): void;
}

export interface SessionApprovalsOptions {
  readonly workspace: string;
  readonly review: Review;
  readonly timeoutMs: number;
  readonly events: EventLog;
  /** Called with true when a first request begins to wait for a person, and with false when none waits any more. */
  onWaiting(isWaiting: boolean): void;
}

export function createSessionApprovals(options: SessionApprovalsOptions): SessionApprovals {
  const { timeoutMs, events, onWaiting } = options;
  const pending = createPendingApprovals((approval) => responded(approval, 'deny', 'timeout'));

  function responded(approval: Approval, decision: string, by: 'client' | 'timeout'): void {
    const { request_id: requestId, turn_id: turnId } = approval;
    events.add('approval.responded', { turn_id: turnId, request_id: requestId, decision, by });
    events.announce('session.event');
    if (pending.list().length === 0) onWaiting(false);
  }

  function drop(requestId: string): void {
    if (pending.drop(requestId) !== undefined && pending.list().length === 0) onWaiting(false);
  }

  return {
    hear(event) {
      if (event.type === 'request-resolved') drop(event.requestId);
    },
    ask(request) {
      const approval = describeRequest(request, { diff: undefined, timeoutMs });
      pending.add(approval, request);
      events.add('approval.requested', { turn_id: approval.turn_id, approval });
      events.announce('session.approval.required');
      if (pending.list().length === 1) onWaiting(true);
    },
    async answer(requestId, answer) {
      const approval = pending.answer(requestId, answer);
      if (approval === undefined)
        throw new GatewayError('approval_not_pending', 'No approval with this request_id is pending.');
      responded(approval, answer.decision, 'client');
    },
    list: pending.list,
    dropAll() {
      for (const { request_id: id } of pending.list()) drop(id);
    },
  };
}
