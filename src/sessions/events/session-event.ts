import type { JsonObject } from '../../base/json.ts';

/** Types of the events of a session. The stream of small events sends each under its type. */
export const EVENT_TYPES = [
  'thread.started',
  'turn.started',
  'item.started',
  'item.completed',
  'item.agent_message.delta',
  'item.reasoning.delta',
  'command.execution.output',
  'turn.plan.updated',
  'turn.diff.updated',
  'token_usage.updated',
  'approval.requested',
  'approval.responded',
  'turn.completed',
  'turn.undone',
  'message.added',
  'session.updated',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/** An event as clients see it. */
export interface SessionEvent extends JsonObject {
  readonly type: EventType;
  /** Rises within a session, also over restarts. */
  readonly id: number;
  /** Unix milliseconds. */
  readonly created_at: number;
}

/** Events with a small piece of something that a later event has whole. */
export const PIECES: ReadonlySet<EventType> = new Set<EventType>([
  'item.agent_message.delta',
  'item.reasoning.delta',
  'command.execution.output',
]);
