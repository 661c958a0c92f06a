import type { JsonObject } from '../base/json.ts';
import type { ResponseStatus, Store, StoredResponse } from '../conversation/ports/store.ts';
import type { UseConversation } from './conversations.ts';
import { prepareFailDead } from './database/fail-dead.ts';
import type { Items } from './items.ts';
import { noteUse } from './note-use.ts';
import { prepareSave } from './save-response.ts';
import { USE_GRAIN, type Scope } from './scope.ts';
import { read, write } from './database/transaction.ts';

type ResponseStore = Pick<
  Store,
  'saveResponse' | 'saveEvents' | 'findResponse' | 'findResponseChain' | 'deleteResponse'
>;

interface ResponseRow {
  readonly id: string;
  readonly status: ResponseStatus;
  readonly body: string;
  readonly previous_id: string | null;
  readonly conversation_id: string | null;
  readonly background: number;
  readonly created_at: number;
}

/** One caller's responses. */
export function createResponses(scope: Scope, items: Items, useConversation: UseConversation): ResponseStore {
  const { database, caller } = scope;
  const use = prepareUse(scope);
  const save = prepareSave(scope, items, useConversation);
  const select = database.prepare(
    `SELECT id, status, body, previous_id, conversation_id, background, created_at
     FROM responses WHERE key = ?`,
  );
  const selectEvents = database.prepare('SELECT events FROM responses WHERE key = ?');
  const keepEvents = database.prepare('UPDATE responses SET events = ? WHERE caller = ? AND id = ?');
  const remove = database.prepare('DELETE FROM responses WHERE caller = ? AND id = ?');

  /** Another process may have deleted it a moment ago. */
  function load(key: number): StoredResponse | undefined {
    const row = select.get(key) as ResponseRow | undefined;
    if (row === undefined) return undefined;
    return decodeResponse(row, items.ofResponse(key, 'input'), items.ofResponse(key, 'output'));
  }
  function loadEvents(key: number): readonly JsonObject[] | undefined {
    const events = selectEvents.get(key)?.events as string | null | undefined;
    return events == null ? undefined : (JSON.parse(events) as JsonObject[]);
  }

  return {
    async saveResponse(response) {
      return save(response);
    },
    async saveEvents(id, events) {
      write(database, () => keepEvents.run(JSON.stringify(events), caller, id));
    },
    async findResponse(id) {
      const key = use(id)?.key;
      if (key === undefined) return undefined;
      return read(database, () => {
        const response = load(key);
        return response && { ...response, events: loadEvents(key) };
      });
    },
    async findResponseChain(id) {
      const keys = new Set<number>();
      for (let next: string | null = id; next !== null;) {
        const found = use(next);
        if (found === undefined || keys.has(found.key)) return undefined;
        keys.add(found.key);
        next = found.previousId;
      }
      const thread = read(database, () => [...keys].toReversed().map(load));
      return thread.includes(undefined) ? undefined : (thread as StoredResponse[]);
    },
    async deleteResponse(id) {
      return write(database, () => remove.run(caller, id).changes > 0);
    },
  };
}

/** Finds where a response lies, which counts as its use; one whose process has died has failed from now on. */
function prepareUse({ database, caller, now }: Scope) {
  const failDead = prepareFailDead(database);
  const find = database.prepare(
    'SELECT key, owner, previous_id, used_at FROM responses WHERE caller = ? AND id = ?',
  );
  const touch = database.prepare('UPDATE responses SET used_at = ? WHERE key = ?');
  return (id: string): { readonly key: number; readonly previousId: string | null } | undefined => {
    const row = find.get(caller, id) as
      | { key: number; owner: string | null; previous_id: string | null; used_at: number }
      | undefined;
    if (row === undefined) return undefined;
    if (row.owner !== null) failDead.of(row.owner);
    if (row.used_at < now() - USE_GRAIN) noteUse(database, () => touch.run(now(), row.key));
    return { key: row.key, previousId: row.previous_id };
  };
}

function decodeResponse(row: ResponseRow, input: JsonObject[], output: JsonObject[]): StoredResponse {
  const body = JSON.parse(row.body) as JsonObject;
  return {
    id: row.id,
    status: row.status,
    body: Array.isArray(body.output) ? { ...body, output } : body,
    input,
    previousId: row.previous_id ?? undefined,
    conversationId: row.conversation_id ?? undefined,
    background: row.background === 1,
    createdAt: row.created_at,
  };
}
