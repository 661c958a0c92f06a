import type { SessionBody } from '../../../src/sessions/events/session-shape.ts';
import type { Approval } from '../../../src/sessions/events/shapes.ts';
import { keyOfItem, type Entry, type TurnEndEntry } from './entries.ts';
import { settledEntry, withChanges, type KnownChanges } from './entry-states.ts';

export interface PlanStep {
  readonly step: string;
  readonly status: 'pending' | 'inProgress' | 'completed';
}

export interface SessionFacts {
  readonly status: SessionBody['status'];
  readonly queuePosition: number;
  readonly lastError: string | null;
}

/** A session so far. */
export interface TranscriptState {
  readonly entries: Map<string, Entry>;
  readonly asked: Map<string, Approval>;
  readonly answered: Set<string>;
  /** Times at which turns began. */
  readonly begun: Map<string, number>;
  readonly ended: Set<string>;
  /** Changes of patches by the key of their entry, as far as somebody was asked about them. */
  readonly known: Map<string, KnownChanges>;
  /** Time since which the turn waits for a person; undefined while it works. */
  waitsSince: number | undefined;
  /** Milliseconds that the turn has waited before. */
  waitedMs: number;
  readonly undone: Set<string>;
  facts: SessionFacts | undefined;
  lastTurn: string | null;
  plan: readonly PlanStep[];
  changes: number;
}

/** Takes an entry, also in place of an earlier one of its key. */
export function put(state: TranscriptState, entry: Entry | undefined): void {
  if (entry === undefined) return;
  const { entries, known, ended, undone } = state;
  const isOver = entry.turnId !== null && ended.has(entry.turnId);
  const told =
    entry.kind === 'edit' ? withChanges(entry, known.get(entry.key), [...entries.values()], undone) : entry;
  entries.set(entry.key, isOver ? settledEntry(told) : told);
}

/** Returns what is known of a turn, in order. */
export function entriesOf({ entries }: TranscriptState, turnId: string): Entry[] {
  return [...entries.values()].filter((entry) => entry.turnId === turnId);
}

/** Brings the messages of a turn behind everything that happened while they waited for it. */
export function moveMessagesToEnd(state: TranscriptState, turnId: string): void {
  for (const entry of entriesOf(state, turnId)) {
    state.entries.delete(entry.key);
    state.entries.set(entry.key, entry);
  }
}

/** Keeps what a patch does to its files, for its entry. */
export function learnChanges(
  state: TranscriptState,
  { kind, turn_id: turnId, payload, diff }: Approval,
): void {
  const { itemId } = payload;
  if (kind !== 'edit' || typeof itemId !== 'string' || diff === undefined) return;
  const key = keyOfItem(turnId, itemId);
  state.known.set(key, diff);
  put(state, state.entries.get(key));
}

/** Ends a wait for a person. */
export function stopWaiting(state: TranscriptState, at: number): void {
  if (state.waitsSince !== undefined) state.waitedMs += at - state.waitsSince;
  state.waitsSince = undefined;
}

type BareEnd = Omit<TurnEndEntry, 'durationMs' | 'mayHaveChanged' | 'waitedMs'>;

/** Returns the end of a turn, with what the turn has done until then. */
export function turnEnd(state: TranscriptState, end: BareEnd, at: number): TurnEndEntry {
  const begun = state.begun.get(end.turnId);
  // It is unknown what a turn did whose beginning is not kept.
  if (begun === undefined) return { ...end, durationMs: null, waitedMs: 0, mayHaveChanged: true };
  const { waitedMs } = state;
  const mayHaveChanged = entriesOf(state, end.turnId).some(
    (entry) => 'status' in entry && entry.status !== 'declined',
  );
  return { ...end, durationMs: at - begun - waitedMs, waitedMs, mayHaveChanged };
}

/** Puts messages behind everything else whose turn has not begun, and marks those that wait for another turn. */
export function lastWaiting({ begun, ended, lastTurn }: TranscriptState, entries: readonly Entry[]): Entry[] {
  const isBusy = lastTurn !== null && !ended.has(lastTurn);
  // The beginning of a long turn may not be kept.
  const atWork = new Set(entries.filter(({ kind }) => kind !== 'user').map(({ turnId }) => turnId));
  const waits = ({ kind, turnId }: Entry) =>
    kind === 'user' && turnId !== null && !begun.has(turnId) && !ended.has(turnId) && !atWork.has(turnId);
  const waiting = entries.filter(waits).map((entry) => ({ ...entry, waits: isBusy }) as Entry);
  return [...entries.filter((entry) => !waits(entry)), ...waiting];
}
