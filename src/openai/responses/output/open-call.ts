import type { ToolCall } from '../../../conversation/item.ts';
import { decodeCustomInput } from '../../vocabulary/custom-input.ts';
import type { ItemPlace, OpenItem } from './open-item.ts';

interface Form {
  readonly itemType: string;
  /** The field that holds what the tool is given. */
  readonly field: string;
  /** Of the events that tell of it. */
  readonly eventType: string;
}

const FUNCTION: Form = {
  itemType: 'function_call',
  field: 'arguments',
  eventType: 'response.function_call_arguments',
};

const CUSTOM: Form = {
  itemType: 'custom_tool_call',
  field: 'input',
  eventType: 'response.custom_tool_call_input',
};

/**
 * Opens a call of the kind that the caller offered under this name, or as the model wrote it if the caller did not offer
 * it. It comes whole, but some clients only read what comes in deltas.
 */
export function openCall(
  call: ToolCall,
  { outputIndex, createId }: ItemPlace,
  customTools: ReadonlySet<string>,
): OpenItem {
  const { callId, name, namespace, custom } = call;
  const wrapped = !custom && namespace === undefined && customTools.has(name);
  const { itemType, field, eventType } = custom || wrapped ? CUSTOM : FUNCTION;
  const given = wrapped ? decodeCustomInput(call.arguments) : call.arguments;
  const id = createId(itemType);
  const place = { item_id: id, output_index: outputIndex };
  const encodeItem = (status: string, value: string) => ({
    id,
    type: itemType,
    status,
    call_id: callId,
    name,
    ...(namespace !== undefined && { namespace }),
    [field]: value,
  });
  return {
    open: () => [
      { type: 'response.output_item.added', output_index: outputIndex, item: encodeItem('in_progress', '') },
      { type: `${eventType}.delta`, ...place, delta: given },
    ],
    close: () => [{ type: `${eventType}.done`, ...place, [field]: given }],
    encode: (status) => encodeItem(status, given),
  };
}
