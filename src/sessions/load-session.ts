import type { FoundSession, SessionStore } from '../conversation/ports/session-store.ts';
import { PIECES, type SessionEvent } from './events/session-event.ts';
import { decodeRecord, newRecord, type SessionRecord } from './session-record.ts';
import type { SessionChoices } from './session-options.ts';
import type { LoadedSession } from './session-state.ts';
import type { JsonObject } from '../base/json.ts';

/** Messages that are loaded, and events among which the latest are looked for. */
const LOADED_MESSAGES = 1_000;
const SEARCHED_EVENTS = 400;

/** Ids that are left out after a process died: clients may know ids of events that it could not store. */
const SKIPPED_IDS = 100_000;

/** Returns a session that is not stored yet. */
export function freshSession(choices: SessionChoices, context: JsonObject): LoadedSession {
  return { record: newRecord(choices, context), messages: [], lastEventId: 0, latestEvents: [] };
}

/** Loads a session from the store. */
export async function loadSession(store: SessionStore, found: FoundSession): Promise<LoadedSession> {
  const { id } = found;
  const [messages, lastId] = await Promise.all([
    store.listMessages(id, { limit: LOADED_MESSAGES }),
    store.lastEventId(id),
  ]);
  const { events } = await store.eventsAfter(id, Math.max(lastId - SEARCHED_EVENTS, 0), SEARCHED_EVENTS);
  const latestEvents = events
    .map(({ event }) => event as SessionEvent)
    .filter(({ type }) => !PIECES.has(type));
  const record = decodeRecord(found);
  const lastEventId = isLeftBehind(found, record) ? lastId + SKIPPED_IDS : lastId;
  return { record, messages, lastEventId, latestEvents };
}

/** Returns true if the process that ran the session has died during a turn. */
export function isLeftBehind({ runsElsewhere }: FoundSession, { status }: SessionRecord): boolean {
  return !runsElsewhere && (status === 'running' || status === 'queued');
}
