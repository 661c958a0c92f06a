import { GatewayError } from '../../base/errors.ts';
import type { AgentEvent, AgentRequest, Decision, RequestAnswer } from '../../conversation/ports/agent.ts';
import type { EventLog } from '../events/event-log.ts';
import type { SessionEventFields } from '../events/session-event.ts';
import type { Approval } from '../events/shapes.ts';
import { checkDecision } from './check-decision.ts';
import { describeRequest } from './describe-request.ts';
import { createEditFolders } from './edit-folders.ts';
import { completeAnswer, ownToolOf } from './own-question.ts';
import { judgeRequest, type ApprovalRules } from './judge-request.ts';
import { createPendingApprovals, type PendingApproval } from './pending-approvals.ts';
import { createSessionGrants } from './session-grants.ts';

/** Limits that are the same for all sessions. */
export interface ApprovalLimits extends Pick<ApprovalRules, 'allowsUnsandboxed' | 'forbidden' | 'readOnly'> {
  readonly timeoutMs: number;
}

export interface SessionApprovalsOptions extends ApprovalRules, ApprovalLimits {
  readonly events: Pick<EventLog, 'add' | 'announce'>;
  /** Adds words to the running turn, for the model. */
  tell(text: string): Promise<unknown>;
  /** Ends the running turn. */
  endTurn(): Promise<void>;
  /** Called with true when a first request begins to wait for a person, and with false when none waits any more. */
  onWaiting(isWaiting: boolean): void;
}

type Decider = SessionEventFields<'approval.responded'>['by'];

interface Outcome {
  readonly answer: RequestAnswer;
  readonly by: Decider;
  /** A sentence for the model and for clients. */
  readonly reason?: string | undefined;
  /** The request as clients see it, if they have not seen it yet. */
  readonly approval?: Approval;
}

/** Decides about the requests of one session's agent, or lets a person decide. */
export class SessionApprovals {
  readonly #options: SessionApprovalsOptions;
  readonly #pending;
  readonly #grants = createSessionGrants();
  readonly #folders = createEditFolders();
  /** Requests that are being looked at, by id. */
  readonly #inWork = new Map<string, AgentRequest>();

  constructor(options: SessionApprovalsOptions) {
    this.#options = options;
    this.#pending = createPendingApprovals((expired) => void this.#expire(expired), options.onWaiting);
  }

  /** Returns the requests that wait for a person, the oldest first. */
  list(): readonly Approval[] {
    return this.#pending.list();
  }

  /** Hears every event of the agent before clients see it. */
  hear(event: AgentEvent): void {
    this.#folders.hear(event);
    if (event.type === 'request-resolved') this.#drop(event.requestId);
    if (event.type === 'turn-completed') this.#dropAllOf(event.turnId);
  }

  readonly ask = (request: AgentRequest): void => void this.#receive(request);

  /**
   * Answers a request; undefined means the oldest one. Rejects with a `GatewayError` if it is not pending, or cannot be answered
   * like this. What is allowed is judged once more, and may be declined then.
   */
  async answer(requestId: string | undefined, answer: RequestAnswer): Promise<void> {
    const found = this.#pending.find(requestId);
    if (found === undefined)
      throw new GatewayError('approval_not_pending', 'No approval with this request_id is pending.');
    checkDecision(found, answer);
    this.#pending.take(found.approval.request_id);
    const outcome: Outcome = { answer, by: 'client' };
    if (isAllowing(answer.decision)) await this.#allow(found, outcome);
    else await this.#settle(found, outcome);
    if (answer.decision === 'cancel') await this.#endTurn(found.request);
  }

  /** Forgets all of them, since the process that asked has ended or the session is deleted. */
  dropAll(): void {
    for (const { id } of this.#inWork.values()) this.#drop(id);
    for (const { request_id: id } of this.#pending.list()) this.#drop(id);
    this.#folders.removeAll();
  }

  async #receive(request: AgentRequest): Promise<void> {
    const { workspace, timeoutMs, events } = this.#options;
    this.#inWork.set(request.id, request);
    const judgement = await judgeRequest(request, this.#options);
    // Its turn may have ended.
    if (!this.#inWork.delete(request.id)) return;
    const approval = describeRequest(request, { workspace, timeoutMs, judgement });
    const pending = { approval, request };
    if (judgement.type === 'declined')
      return await this.#settle(pending, { ...declined('gateway', judgement.reason), approval });
    if (!judgement.isUnsandboxed && this.#grants.covers(request))
      return await this.#allow(pending, { answer: { decision: 'allow' }, by: 'session', approval });
    this.#pending.add(pending);
    events.add('approval.requested', { turn_id: approval.turn_id, approval });
    events.announce('session.approval.required');
  }

  /** Allows a request if it is still what was shown. */
  async #allow(pending: PendingApproval, outcome: Outcome): Promise<void> {
    const { request } = pending;
    this.#inWork.set(request.id, request);
    const reason = await this.#prepare(pending);
    if (!this.#inWork.delete(request.id)) {
      this.#folders.remove(request);
      return await this.#settle(pending, ENDED);
    }
    if (reason !== undefined)
      return await this.#settle(pending, { ...outcome, ...declined('gateway', reason) });
    if (outcome.answer.decision === 'allow_session') this.#grants.add(request);
    await this.#settle(pending, outcome);
  }

  /** Looks at the disk once more and makes missing folders. Returns the reason to decline, if there is one. */
  async #prepare({ request, approval }: PendingApproval): Promise<string | undefined> {
    const judgement = await judgeRequest(request, this.#options);
    if (judgement.type === 'declined') return judgement.reason;
    if (judgement.diff !== approval.diff)
      return 'The files have changed since it was shown. Read them again before the next attempt.';
    try {
      await this.#folders.make(request, judgement.missingFolders);
      return undefined;
    } catch {
      return 'A folder for it could not be made.';
    }
  }

  async #settle({ request, approval }: PendingApproval, outcome: Outcome): Promise<void> {
    const { answer, by, reason, approval: shown } = outcome;
    if (reason !== undefined) await this.#tell(request, reason);
    const complete = completeAnswer(request, answer);
    request.answer({ ...complete, decision: decisionForCodex(request, answer.decision) });
    const { events } = this.#options;
    events.add('approval.responded', {
      turn_id: approval.turn_id,
      request_id: approval.request_id,
      decision: answer.decision,
      by,
      ...(reason !== undefined && { reason }),
      ...(shown !== undefined && { approval: shown }),
    });
    events.announce('session.event');
  }

  /** Tells the model why something was declined; from Codex it hears only that it was. */
  async #tell({ kind }: AgentRequest, reason: string): Promise<void> {
    const text = `Note of codex-gateway, which no person has written: ${NAMES[kind]} was declined. ${reason}`;
    // Some turns take no words, such as a review.
    await this.#options.tell(text).catch(() => {});
  }

  async #expire(pending: PendingApproval): Promise<void> {
    const seconds = this.#options.timeoutMs / 1000;
    await this.#settle(pending, declined('timeout', `Nobody has answered within ${seconds} s.`));
  }

  #drop(requestId: string): void {
    this.#inWork.get(requestId)?.answer(ENDED.answer);
    this.#inWork.delete(requestId);
    const dropped = this.#pending.take(requestId);
    if (dropped !== undefined) void this.#settle(dropped, ENDED);
  }

  #dropAllOf(turnId: string): void {
    for (const request of this.#inWork.values()) if (request.turnId === turnId) this.#drop(request.id);
    for (const approval of this.#pending.list())
      if (approval.turn_id === turnId) this.#drop(approval.request_id);
  }

  /** Ends the turn where Codex itself does not. */
  async #endTurn({ kind }: AgentRequest): Promise<void> {
    if (kind === 'edit' || kind === 'command') return;
    await this.#options.endTurn();
  }
}

const NAMES: Readonly<Record<AgentRequest['kind'], string>> = {
  edit: 'the edit',
  command: 'the command',
  question: 'the question',
  permission: 'the request for permissions',
  tool: 'the request of a tool',
};

/** The outcome of a request whose turn ends first. */
const ENDED: Outcome = { answer: { decision: 'cancel' }, by: 'turn' };

function declined(by: Decider, reason: string) {
  return { answer: { decision: 'deny' }, by, reason } as const;
}

function isAllowing(decision: Decision): boolean {
  return decision === 'allow' || decision === 'allow_session';
}

/** Returns the decision as Codex hears it. It goes on asking about what the gateway remembers itself, so that each is judged. */
function decisionForCodex(request: AgentRequest, decision: Decision): Decision {
  const { kind } = request;
  const isKeptHere = kind === 'edit' || kind === 'command' || ownToolOf(request) !== undefined;
  return decision === 'allow_session' && isKeptHere ? 'allow' : decision;
}
