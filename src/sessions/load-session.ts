import type { FoundSession, SessionStore } from '../conversation/ports/session-store.ts';
import { readEarlierEvents } from './events/event-log.ts';
import { SHOWN_MESSAGES } from './message-list.ts';
import { decodeRecord, isRunningOrQueued, type SessionRecord } from './session-record.ts';
import type { LoadedSession } from './session-state.ts';

/** Loads a session from the store. */
export async function loadSession(store: SessionStore, found: FoundSession): Promise<LoadedSession> {
  const [messages, events] = await Promise.all([
    store.listMessages(found.id, { limit: SHOWN_MESSAGES }),
    readEarlierEvents(store, found.id),
  ]);
  const { runsElsewhere } = found;
  return { record: decodeRecord(found), messages: messages ?? [], events, runsElsewhere };
}

/** Returns true if the process that ran the session has died during a turn. */
export function isLeftBehind({ runsElsewhere }: FoundSession, { status }: SessionRecord): boolean {
  return !runsElsewhere && isRunningOrQueued(status);
}
