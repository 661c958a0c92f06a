import type { JsonObject } from '../base/json.ts';
import type { ResponseStatus, Store, StoredResponse } from '../conversation/ports/store.ts';
import type { TouchConversation } from './conversations.ts';
import { prepareAbandonedResponses } from './database/abandoned-responses.ts';
import type { Items } from './items.ts';
import { prepareSaveResponse } from './save-response.ts';
import type { CallerScope } from './caller-scope.ts';
import { recordUse, USE_RESOLUTION_MS } from './database/record-use.ts';
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

/** Creates the response methods of one caller's store. */
export function createResponses(
  scope: CallerScope,
  items: Items,
  touchConversation: TouchConversation,
): ResponseStore {
  const { database, caller } = scope;
  const touch = prepareTouch(scope);
  const save = prepareSaveResponse(scope, items, touchConversation);
  const select = database.prepare(
    `SELECT id, status, body, previous_id, conversation_id, background, created_at
     FROM responses WHERE key = ?`,
  );
  const selectEvents = database.prepare('SELECT events FROM responses WHERE key = ?');
  const keepEvents = database.prepare('UPDATE responses SET events = ? WHERE caller = ? AND id = ?');
  const remove = database.prepare('DELETE FROM responses WHERE caller = ? AND id = ?');

  /** Loads a response; undefined if another process has deleted it in the meantime. */
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
      const key = touch(id)?.key;
      if (key === undefined) return undefined;
      return read(database, () => {
        const response = load(key);
        return response && { ...response, events: loadEvents(key) };
      });
    },
    async findResponseChain(id) {
      const keys = new Set<number>();
      for (let next: string | null = id; next !== null;) {
        const found = touch(next);
        if (found === undefined || keys.has(found.key)) return undefined;
        keys.add(found.key);
        next = found.previousId;
      }
      const chain = read(database, () => [...keys].toReversed().map(load));
      return chain.includes(undefined) ? undefined : (chain as StoredResponse[]);
    },
    async deleteResponse(id) {
      return write(database, () => remove.run(caller, id).changes > 0);
    },
  };
}

/** Returns a function that finds a response and records its use; a response whose process has died is marked as failed. */
function prepareTouch({ database, caller, now }: CallerScope) {
  const abandoned = prepareAbandonedResponses(database);
  const find = database.prepare(
    'SELECT key, owner, previous_id, used_at FROM responses WHERE caller = ? AND id = ?',
  );
  const update = database.prepare('UPDATE responses SET used_at = ? WHERE key = ?');
  return (id: string): { readonly key: number; readonly previousId: string | null } | undefined => {
    const row = find.get(caller, id) as
      | { key: number; owner: string | null; previous_id: string | null; used_at: number }
      | undefined;
    if (row === undefined) return undefined;
    if (row.owner !== null) abandoned.ifDead(row.owner);
    if (row.used_at < now() - USE_RESOLUTION_MS) recordUse(database, () => update.run(now(), row.key));
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
