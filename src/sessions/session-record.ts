import { excerpt } from '../base/excerpt.ts';
import type { JsonObject } from '../base/json.ts';
import type { AgentPlan } from '../conversation/ports/agent.ts';
import type { FoundSession, ListedSession, StoredSession } from '../conversation/ports/session-store.ts';
import type { SessionStatus } from './events/shapes.ts';
import type { SessionChoices } from './session-options.ts';
import type { SessionTurn } from './turns/turn-list.ts';

/** Everything of a session that outlives the process, without its messages and events. */
export interface SessionRecord {
  readonly choices: SessionChoices;
  /** Context of the host application. */
  readonly context: JsonObject;
  readonly threadId: string | null;
  readonly title: string;
  readonly status: SessionStatus;
  readonly lastError: string | null;
  /** Unix milliseconds. */
  readonly updatedAt: number;
  readonly turns: readonly SessionTurn[];
  readonly plan: AgentPlan | null;
  /** Note with which the next message to the thread begins. */
  readonly note: string | null;
}

/** A session in a list of sessions. */
export interface SessionSummary extends JsonObject {
  readonly id: string;
  readonly thread_id: string | null;
  readonly status: SessionStatus;
  readonly title: string;
  readonly workspace_root: string;
  readonly created_at: number;
  readonly updated_at: number;
  /** Number of requests that wait for a decision. */
  readonly pending: number;
}

const TITLE_CHARACTERS = 80;

/** Returns a title from the first words of a message. */
export function titleOf(text: string): string {
  return excerpt(text.trim().replaceAll(/\s+/g, ' '), TITLE_CHARACTERS);
}

export function newRecord(choices: SessionChoices, context: JsonObject): SessionRecord {
  const name = context.context_name;
  return {
    choices,
    context,
    threadId: null,
    title: typeof name === 'string' ? titleOf(name) : '',
    status: 'idle',
    lastError: null,
    updatedAt: choices.createdAt,
    turns: [],
    plan: null,
    note: null,
  };
}

/** Returns true for a session or a turn that runs or waits. */
export function isRunningOrQueued(status: SessionStatus | SessionTurn['status']): boolean {
  return status === 'queued' || status === 'running';
}

export function summarize(record: SessionRecord, pending: number): SessionSummary {
  return {
    id: record.choices.id,
    thread_id: record.threadId,
    status: record.status,
    title: record.title,
    workspace_root: record.choices.workspace,
    created_at: record.choices.createdAt,
    updated_at: record.updatedAt,
    pending,
  };
}

export function encodeRecord(record: SessionRecord): StoredSession {
  const { choices, updatedAt, status } = record;
  const { id, owner, ...kept } = choices;
  const { context, lastError, turns, plan, note } = record;
  return {
    id,
    owner,
    updatedAt,
    isRunning: isRunningOrQueued(status),
    // The mode is for filters alone.
    body: { ...summarize(record, 0), mode: choices.mode },
    details: { choices: kept, context, lastError, turns, plan, note },
  };
}

export function decodeRecord({ id, owner, body, details }: FoundSession): SessionRecord {
  const { thread_id: threadId, title, status, updated_at: updatedAt } = body as SessionSummary;
  const { choices, ...rest } = details as Pick<
    SessionRecord,
    'choices' | 'context' | 'lastError' | 'turns' | 'plan' | 'note'
  >;
  return { ...rest, choices: { ...choices, id, owner }, threadId, title, status, updatedAt };
}

/** Returns a stored session for a list; one whose process has died is idle. */
export function decodeSummary({ body, runsElsewhere }: ListedSession): SessionSummary {
  const { mode: _, ...kept } = body;
  const summary = kept as SessionSummary;
  const isOver = !runsElsewhere && isRunningOrQueued(summary.status);
  return isOver ? { ...summary, status: 'idle' } : summary;
}
