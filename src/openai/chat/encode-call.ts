import type { ToolCall } from '../../conversation/item.ts';
import { decodeCustomInput } from '../custom-input.ts';
import type { AnswerStyle } from './decode.ts';

/** One entry of `tool_calls`, of the kind as which the tool was offered. */
export function encodeCall(
  { callId, name, arguments: args }: ToolCall,
  { customTools }: AnswerStyle,
): object {
  if (customTools.has(name)) {
    return { id: callId, type: 'custom', custom: { name, input: decodeCustomInput(args) } };
  }
  return { id: callId, type: 'function', function: { name, arguments: args } };
}

/** `function_call`, as calls were written before they had ids. */
export function encodeLegacyCall({ name, arguments: args }: ToolCall): object {
  return { name, arguments: args };
}
