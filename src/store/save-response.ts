import type { JsonObject } from '../base/json.ts';
import type { ResponseStatus, StoredResponse } from '../conversation/ports/store.ts';
import type { UseConversation } from './conversations.ts';
import type { Items } from './items.ts';
import type { Scope } from './scope.ts';
import { write } from './database/transaction.ts';

/** For each status, whether it is an end, and whether what was said then belongs to the conversation. */
const STATUSES = {
  queued: { ended: false, said: false },
  in_progress: { ended: false, said: false },
  completed: { ended: true, said: true },
  incomplete: { ended: true, said: true },
  failed: { ended: true, said: false },
  cancelled: { ended: true, said: false },
} satisfies Record<ResponseStatus, { ended: boolean; said: boolean }>;

/** Saves a response, whole or not at all, and tells whether it could still be saved. */
export function prepareSave(
  scope: Scope,
  items: Items,
  useConversation: UseConversation,
): (response: StoredResponse) => boolean {
  const { database, caller } = scope;
  const find = database.prepare('SELECT key, owner FROM responses WHERE caller = ? AND id = ?');
  const rows = prepareRows(scope);
  /** Those on the way: where one of them is gone, it is deleted, and its end must not bring it back. */
  const underWay = new Set<string>();

  function save(response: StoredResponse): boolean {
    const { id, status, body, input, conversationId } = response;
    const known = find.get(caller, id) as { key: number; owner: string | null } | undefined;
    if (known ? known.owner === null : underWay.has(id)) return false;
    const key = known?.key ?? rows.insert(response);
    if (known) {
      rows.update(key, response);
      items.clearOutput(key);
    } else {
      items.addToResponse(key, 'input', input);
    }
    items.addToResponse(key, 'output', outputOf(body));
    const conversation =
      STATUSES[status].said && conversationId !== undefined ? useConversation(conversationId) : undefined;
    if (conversation !== undefined) items.share(key, conversation);
    return true;
  }

  return (response) => {
    const saved = write(database, () => save(response));
    if (STATUSES[response.status].ended) underWay.delete(response.id);
    else underWay.add(response.id);
    return saved;
  };
}

/** The rows of responses, without their items. */
function prepareRows({ database, caller, owner, now }: Scope) {
  const insert = database.prepare(
    `INSERT INTO responses (status, owner, used_at, body,
       caller, id, previous_id, conversation_id, background, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = database.prepare(
    'UPDATE responses SET status = ?, owner = ?, used_at = ?, body = ? WHERE key = ?',
  );
  function changing({ status, body }: StoredResponse) {
    const rest = Array.isArray(body.output) ? { ...body, output: [] } : body;
    return [status, STATUSES[status].ended ? null : owner, now(), JSON.stringify(rest)];
  }
  return {
    insert(response: StoredResponse): number {
      const { id, previousId, conversationId, background, createdAt } = response;
      const fixed = [caller, id, previousId ?? null, conversationId ?? null, Number(background), createdAt];
      return Number(insert.run(...changing(response), ...fixed).lastInsertRowid);
    },
    update(key: number, response: StoredResponse): void {
      update.run(...changing(response), key);
    },
  };
}

function outputOf({ output }: JsonObject): readonly JsonObject[] {
  return Array.isArray(output) ? (output as JsonObject[]) : [];
}
