import type { JsonObject } from '../../base/json.ts';
import type { StoredConversation } from '../../conversation/ports/store.ts';

export function encodeConversation({ id, createdAt, metadata }: StoredConversation): JsonObject {
  return { id, object: 'conversation', created_at: createdAt, metadata };
}

export function encodeDeletedConversation(id: string): JsonObject {
  return { id, object: 'conversation.deleted', deleted: true };
}
