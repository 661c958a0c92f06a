import type { JsonObject } from '../../base/json.ts';
import type { ListedSession, SessionStore, StoredEvent } from '../../conversation/ports/session-store.ts';
import { decodeChunks, type JsonChunks } from '../json-chunks.ts';
import type { SendStoreJob } from './remote-store.ts';

/** Creates the store of sessions whose database works in another thread. */
export function createRemoteSessions(send: SendStoreJob): SessionStore {
  async function call<T>(
    method: keyof SessionStore,
    args: readonly unknown[],
    ...lists: readonly (readonly JsonObject[])[]
  ): Promise<T> {
    return (await send({ method, args, lists })) as T;
  }
  return {
    createSession: (session, messages = []) => call('createSession', [session], messages),
    saveSession: (session) => call('saveSession', [session]),
    findSession: (id) => call('findSession', [id]),
    hasSession: (id) => call('hasSession', [id]),
    async listSessions(query) {
      const list: unknown = await decodeChunks(await call<JsonChunks>('listSessions', [query]));
      return list as ListedSession[];
    },
    threadOwners: (threadIds) => call('threadOwners', [threadIds]),
    deleteSession: (id) => call('deleteSession', [id]),
    claimInterrupted: () => call('claimInterrupted', []),
    addMessage: (sessionId, message) => call('addMessage', [sessionId, message]),
    updateMessage: (sessionId, message) => call('updateMessage', [sessionId, message]),
    deleteMessage: (sessionId, messageId) => call('deleteMessage', [sessionId, messageId]),
    async listMessages(sessionId, page) {
      const chunks = await call<JsonChunks | undefined>('listMessages', [sessionId, page]);
      return chunks && (await decodeChunks(chunks));
    },
    addEvents: (sessionId, events) =>
      call('addEvents', [sessionId], events as readonly unknown[] as readonly JsonObject[]),
    async eventsAfter(sessionId, id, limit) {
      const { events, isComplete } = await call<{ events: JsonChunks; isComplete: boolean }>('eventsAfter', [
        sessionId,
        id,
        limit,
      ]);
      const list: unknown = await decodeChunks(events);
      return { events: list as StoredEvent[], isComplete };
    },
    lastEventId: (sessionId) => call('lastEventId', [sessionId]),
  };
}
