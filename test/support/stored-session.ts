import type { StoredEvent, StoredSession } from '../../src/conversation/ports/session-store.ts';

/** Creates a session of the main caller that does not run, unless `changes` say otherwise. */
export function storedSession(id: string, changes: Partial<StoredSession> = {}): StoredSession {
  return {
    id,
    owner: 'main',
    updatedAt: 1,
    isRunning: false,
    body: { id, status: 'idle' },
    details: { context: { active_editor: id } },
    ...changes,
  };
}

/** Creates the events with the ids from one to another. */
export function someEvents(from: number, to: number): StoredEvent[] {
  return Array.from({ length: to - from + 1 }, (_, place) => ({
    id: from + place,
    event: { n: from + place },
  }));
}
