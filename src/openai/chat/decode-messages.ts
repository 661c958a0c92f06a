import { valueAt } from '../../base/json-path.ts';
import { mapInSteps, type Steps } from '../../base/async/steps.ts';
import type { Item } from '../../conversation/item.ts';
import { createCallLabels } from '../items/call-labels.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { decodeValue } from '../request/decode-body.ts';
import { decodeMessage } from './decode-message.ts';
import { messagesSchema } from './schema.ts';

/** Decodes a whole conversation. */
export function* decodeMessages(body: object, compatibility: Compatibility): Steps<Item[]> {
  const { messages } = decodeValue(messagesSchema, body, []);
  const labels = createCallLabels(() => messages.flatMap(namesIn));
  const items = yield* mapInSteps(messages, (_, index) =>
    decodeMessage(messages, index, { compatibility, labels }),
  );
  return items.flat();
}

/** Names of the calls in a message, which was not checked yet. */
function namesIn(message: unknown): unknown[] {
  const calls = valueAt(message, ['tool_calls']);
  const named = (Array.isArray(calls) ? calls : []).flatMap((call) => [
    valueAt(call, ['function', 'name']),
    valueAt(call, ['custom', 'name']),
  ]);
  return [...named, valueAt(message, ['function_call', 'name'])];
}
