import type { JsonObject } from '../base/json.ts';
import type { ResponseStatus, StoredResponse } from '../conversation/ports/store.ts';
import type { TouchConversation } from './conversations.ts';
import type { Items } from './items.ts';
import type { CallerScope } from './caller-scope.ts';
import { write } from './database/transaction.ts';

/** Says of each status if the response has ended, and if its items are added to the conversation. */
const STATUSES = {
  queued: { hasEnded: false, isKept: false },
  in_progress: { hasEnded: false, isKept: false },
  completed: { hasEnded: true, isKept: true },
  incomplete: { hasEnded: true, isKept: true },
  failed: { hasEnded: true, isKept: false },
  cancelled: { hasEnded: true, isKept: false },
} satisfies Record<ResponseStatus, { hasEnded: boolean; isKept: boolean }>;

/** Returns a function that saves a response completely or not at all, and returns false if it was deleted or has ended. */
export function prepareSaveResponse(
  scope: CallerScope,
  items: Items,
  touchConversation: TouchConversation,
): (response: StoredResponse) => boolean {
  const { database, caller } = scope;
  const find = database.prepare('SELECT key, owner FROM responses WHERE caller = ? AND id = ?');
  const rows = prepareRows(scope);
  /** Responses in progress: if one is no longer in the table, it was deleted, and saving its end must not restore it. */
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
      STATUSES[status].isKept && conversationId !== undefined ? touchConversation(conversationId) : undefined;
    if (conversation !== undefined) items.copyToConversation(key, conversation);
    return true;
  }

  return (response) => {
    const saved = write(database, () => save(response));
    if (STATUSES[response.status].hasEnded) underWay.delete(response.id);
    else underWay.add(response.id);
    return saved;
  };
}

/** Writes the rows of responses, without their items. */
function prepareRows({ database, caller, owner, now }: CallerScope) {
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
    return [status, STATUSES[status].hasEnded ? null : owner, now(), JSON.stringify(rest)];
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
