import type { ToolCall } from '../../conversation/item.ts';
import { decodeCustomInput } from '../vocabulary/custom-input.ts';
import type { ChatStyle } from './decode.ts';

/**
 * Encodes an entry of `tool_calls`: of the kind that the caller offered under this name, or as the model wrote it if the
 * caller did not offer it.
 */
export function encodeCall(call: ToolCall, { customTools }: ChatStyle): object {
  const { callId, custom } = call;
  const name = nameOf(call);
  if (custom) return { id: callId, type: 'custom', custom: { name, input: call.arguments } };
  if (customTools.has(name)) {
    return { id: callId, type: 'custom', custom: { name, input: decodeCustomInput(call.arguments) } };
  }
  return { id: callId, type: 'function', function: { name, arguments: call.arguments } };
}

/** Encodes a `function_call`, the form of calls before they had ids. */
export function encodeLegacyCall(call: ToolCall): object {
  return { name: nameOf(call), arguments: call.arguments };
}

/** Chat completions know no groups of tools: without its group, a tool could be taken for another one. */
function nameOf({ name, namespace }: ToolCall): string {
  return namespace === undefined ? name : `${namespace}.${name}`;
}
