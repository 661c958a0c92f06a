import type { JsonObject } from '../../src/base/json.ts';
import type { StoredResponse } from '../../src/conversation/ports/store.ts';

export function message(id: string, text: string): JsonObject {
  return { type: 'message', id, role: 'user', content: [{ type: 'input_text', text }] };
}

/** Creates a response with one input item and one output item, `in_ID` and `out_ID`, unless `changes` say otherwise. */
export function storedResponse(id: string, changes: Partial<StoredResponse> = {}): StoredResponse {
  const { status = 'completed' } = changes;
  const output = status === 'completed' ? [message(`out_${id}`, `answer of ${id}`)] : [];
  return {
    id,
    status,
    body: { id, object: 'response', status, error: null, output, completed_at: null },
    input: [message(`in_${id}`, `question of ${id}`)],
    previousId: undefined,
    conversationId: undefined,
    background: false,
    createdAt: 1_700_000_000,
    events: undefined,
    ...changes,
  };
}
