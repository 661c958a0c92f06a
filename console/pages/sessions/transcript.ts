import type { SessionEvent } from '../../../src/sessions/events/session-event.ts';
import type { SessionBody } from '../../../src/sessions/events/session-shape.ts';
import type { Approval } from '../../../src/sessions/events/shapes.ts';
import { createdFiles } from './entry-states.ts';
import {
  entryOfItem,
  entryOfMessage,
  keyOfItem,
  noteOfDecision,
  textEntry,
  undoneText,
  withOutput,
  type Entry,
  type TextEntry,
} from './entries.ts';
import {
  entriesOf,
  lastWaiting,
  learnChanges,
  moveMessagesToEnd,
  put,
  stopWaiting,
  turnEnd,
  type PlanStep,
  type SessionFacts,
  type TranscriptState,
} from './transcript-state.ts';

/** Everything that is shown of a session. */
export interface TranscriptView extends SessionFacts {
  readonly entries: readonly Entry[];
  /** Requests that wait for a decision, the oldest first. */
  readonly approvals: readonly Approval[];
  /** The turn that began last; null before the first. */
  readonly lastTurn: string | null;
  readonly plan: readonly PlanStep[];
  /** Ids of turns that were undone. */
  readonly undone: ReadonlySet<string>;
  /** Rises whenever files may have changed. */
  readonly changes: number;
}

/** A session as it comes to be, from the events of its stream. */
export interface Transcript {
  /** Takes the session as it was read; events may have come before. */
  load(session: SessionBody): void;
  add(event: SessionEvent): void;
  view(): TranscriptView;
}

type Handlers = {
  readonly [T in SessionEvent['type']]?: (
    state: TranscriptState,
    event: Extract<SessionEvent, { type: T }>,
  ) => void;
};

const HANDLERS: Handlers = {
  'turn.started'(state, { turn_id: id, created_at: at }) {
    if (!state.begun.has(id)) moveMessagesToEnd(state, id);
    state.begun.set(id, at);
    state.lastTurn = id;
    state.plan = [];
    state.waitsSince = undefined;
    state.waitedMs = 0;
  },
  'item.started': (state, { item, turn_id: id }) => put(state, entryOfItem(item, id, false)),
  'item.completed'(state, { item, turn_id: id }) {
    put(state, withOutput(entryOfItem(item, id, true), state.entries.get(keyOfItem(id, item.id))));
    if (item.type === 'fileChange') state.changes += 1;
  },
  'item.agent_message.delta': (state, event) => addText(state, 'answer', event),
  'item.reasoning.delta': (state, event) => addText(state, 'reasoning', event),
  'command.execution.output'(state, { turn_id: turnId, item_id: itemId, delta, left_out: leftOut }) {
    const known = state.entries.get(keyOfItem(turnId, itemId));
    if (known?.kind !== 'command') return;
    const gap = leftOut > 0 ? `\n… ${leftOut} bytes left out …\n` : '';
    put(state, { ...known, output: known.output + gap + delta });
  },
  'turn.plan.updated'(state, { plan }) {
    state.plan = plan;
  },
  'approval.requested'(state, { approval, created_at: at }) {
    state.asked.set(approval.request_id, approval);
    state.waitsSince ??= at;
    learnChanges(state, approval);
  },
  'approval.responded'(state, event) {
    const { request_id: id, approval } = event;
    state.answered.add(id);
    if (approval !== undefined) learnChanges(state, approval);
    put(state, noteOfDecision(event, approval ?? state.asked.get(id)));
    state.asked.delete(id);
    if (state.asked.size === 0) stopWaiting(state, event.created_at);
  },
  'message.added': (state, { message }) => put(state, entryOfMessage(message, [...state.entries.values()])),
  'session.updated'(state, { status, queue_position: queuePosition, last_error: lastError }) {
    state.facts = { status, queuePosition, lastError };
  },
  'turn.completed'(state, { turn_id: turnId, status, error = '', created_at: at }) {
    if (!state.begun.has(turnId)) moveMessagesToEnd(state, turnId);
    stopWaiting(state, at);
    state.ended.add(turnId);
    // The end of an interrupted item may never come.
    for (const entry of entriesOf(state, turnId)) put(state, entry);
    put(state, turnEnd(state, { kind: 'turn-end', key: `end/${turnId}`, turnId, status, error }, at));
    state.changes += 1;
  },
  'turn.undone'(state, { turn_id: turnId, turns = [turnId], files, id }) {
    for (const turn of turns) state.undone.add(turn);
    const created = createdFiles(files, [...state.entries.values()], turns);
    const text = undoneText(files, created);
    put(state, { kind: 'note', key: `undone/${id}`, turnId, tone: 'plain', text });
    state.changes += 1;
  },
};

interface Delta {
  readonly turn_id: string;
  readonly item_id: string;
  readonly delta: string;
}

function addText(state: TranscriptState, kind: TextEntry['kind'], event: Delta): void {
  const { turn_id: turnId, item_id: itemId, delta } = event;
  const key = keyOfItem(turnId, itemId);
  const known = state.entries.get(key) as TextEntry | undefined;
  const text = (known?.text ?? '') + delta;
  put(state, { ...textEntry(kind, ''), ...known, key, turnId, text, isWhole: false });
}

const AT_REST: SessionFacts = { status: 'idle', queuePosition: 0, lastError: null };

export function createTranscript(): Transcript {
  const state: TranscriptState = {
    entries: new Map(),
    asked: new Map(),
    answered: new Set(),
    begun: new Map(),
    ended: new Set(),
    known: new Map(),
    waitsSince: undefined,
    waitedMs: 0,
    undone: new Set(),
    facts: undefined,
    lastTurn: null,
    plan: [],
    changes: 0,
  };
  /** The messages of the session as it was read; the first may be older than every event. */
  let messages: readonly TextEntry[] = [];
  let factsAsRead = AT_REST;
  return {
    load(session) {
      const { status, queue_position: queuePosition, last_error: lastError } = session;
      factsAsRead = { status, queuePosition, lastError };
      messages = session.messages.map((message) => entryOfMessage(message, []));
      for (const approval of session.pending_approvals)
        if (!state.answered.has(approval.request_id)) state.asked.set(approval.request_id, approval);
    },
    add(event) {
      const handle = HANDLERS[event.type] as
        | ((state: TranscriptState, event: SessionEvent) => void)
        | undefined;
      handle?.(state, event);
    },
    view() {
      const entries = [...state.entries.values()];
      const known = new Set(entries.map((entry) => ('messageId' in entry ? entry.messageId : null)));
      return {
        ...(state.facts ?? factsAsRead),
        entries: [
          ...messages.filter(({ messageId }) => !known.has(messageId)),
          ...lastWaiting(state, entries),
        ],
        approvals: [...state.asked.values()],
        lastTurn: state.lastTurn,
        plan: state.plan,
        undone: new Set(state.undone),
        changes: state.changes,
      };
    },
  };
}
