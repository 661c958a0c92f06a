import type { ToolCall } from '../../../conversation/item.ts';
import { decodeCustomInput } from '../../vocabulary/custom-input.ts';
import type { OutputSlot, WholeItem } from './response-event.ts';

const FUNCTION_CALL = {
  itemType: 'function_call',
  /** The field that holds the input of the tool. */
  inputField: 'arguments',
  eventType: 'response.function_call_arguments',
} as const;

const CUSTOM_CALL = {
  itemType: 'custom_tool_call',
  inputField: 'input',
  eventType: 'response.custom_tool_call_input',
} as const;

/**
 * Encodes a call as one of a function or of a custom tool, whichever the request offered; a call of an unknown tool stays as
 * the model wrote it. Its input is sent as one delta, because some clients read only deltas.
 */
export function encodeCallItem(
  call: ToolCall,
  { outputIndex, createId }: OutputSlot,
  customTools: ReadonlySet<string>,
): WholeItem {
  const { callId, name, namespace, custom } = call;
  const isWrapped = !custom && namespace === undefined && customTools.has(name);
  const { itemType, inputField, eventType } = custom || isWrapped ? CUSTOM_CALL : FUNCTION_CALL;
  const input = isWrapped ? decodeCustomInput(call.arguments) : call.arguments;
  const id = createId(itemType);
  const path = { item_id: id, output_index: outputIndex };
  const encode = (status: string, given: string) => ({
    id,
    type: itemType,
    status,
    call_id: callId,
    name,
    ...(namespace !== undefined && { namespace }),
    [inputField]: given,
  });
  return {
    begun: encode('in_progress', ''),
    events: [
      { type: `${eventType}.delta`, ...path, delta: input },
      { type: `${eventType}.done`, ...path, [inputField]: input },
    ],
    done: encode('completed', input),
  };
}
