import type { ToolCall } from '../../conversation/item.ts';
import type { Citation, TurnEvent } from '../../conversation/turn-event.ts';
import { encodeFinishReason, type UpdateEncoder } from '../vocabulary/choices.ts';
import { decodeCustomInput } from '../vocabulary/custom-input.ts';
import type { ChatStyle } from './decode.ts';

/** `delta` of a chunk. A call comes complete: id, type and name once, because some clients join repeated ones. */
interface ChatDelta {
  readonly role?: 'assistant';
  readonly content?: string | null;
  readonly refusal?: null;
  readonly reasoning_content?: string;
  readonly annotations?: readonly object[];
  readonly tool_calls?: readonly IndexedCall[];
  readonly function_call?: object;
}

/** An entry of `tool_calls` in a chunk, which has its index beside its other fields. */
interface IndexedCall {
  readonly index: number;
}

/** The addition of one event to a choice. */
export interface ChatUpdate {
  readonly delta: ChatDelta;
  readonly finishReason: string | null;
}

/**
 * Creates the state machine of one choice. Streams write its updates one by one; a completion that is not streamed is their
 * sum. The first update begins the message, the last one has the finish reason.
 */
export function createChatUpdateEncoder(style: ChatStyle): UpdateEncoder<ChatUpdate> {
  const encodeDelta = createDeltaEncoder(style);
  let begun = false;
  return (event) => {
    const delta = encodeDelta(event);
    if (delta === undefined) return [];
    const update = { delta, finishReason: finishReasonOf(event, style) };
    if (begun) return [update];
    begun = true;
    // An answer that begins with a call has no text before it, and usually none at all.
    const content = event.type === 'tool-call' ? null : '';
    return [{ delta: { role: 'assistant', content, refusal: null }, finishReason: null }, update];
  };
}

function createDeltaEncoder(style: ChatStyle): (event: TurnEvent) => ChatDelta | undefined {
  let callCount = 0;
  let lastParagraph: string | undefined;
  return (event) => {
    switch (event.type) {
      case 'text-delta':
        return { content: event.text };
      case 'reasoning-delta': {
        const { text, paragraph } = event;
        const isNext = lastParagraph !== undefined && lastParagraph !== paragraph;
        lastParagraph = paragraph;
        return { reasoning_content: isNext ? `\n\n${text}` : text };
      }
      case 'citation':
        return { annotations: [encodeCitation(event)] };
      case 'tool-call': {
        if (style.legacyCalls) return { function_call: encodeLegacyCall(event) };
        callCount += 1;
        return { tool_calls: [{ index: callCount - 1, ...encodeCall(event, style) }] };
      }
      case 'turn-end':
        return {};
      default:
        return undefined;
    }
  };
}

function finishReasonOf(event: TurnEvent, { legacyCalls }: ChatStyle): string | null {
  if (event.type !== 'turn-end') return null;
  return encodeFinishReason(event.reason, legacyCalls ? 'function_call' : 'tool_calls');
}

function encodeCitation({ url, title, start, end }: Citation): object {
  return { type: 'url_citation', url_citation: { start_index: start, end_index: end, title, url } };
}

/** Encodes a call of the type that the request gave its tool; of an unknown tool, as the model wrote it. */
function encodeCall(call: ToolCall, { customTools }: ChatStyle): object {
  const { callId, custom } = call;
  const name = qualifiedName(call);
  if (custom) return { id: callId, type: 'custom', custom: { name, input: call.arguments } };
  if (customTools.has(name)) {
    return { id: callId, type: 'custom', custom: { name, input: decodeCustomInput(call.arguments) } };
  }
  return { id: callId, type: 'function', function: { name, arguments: call.arguments } };
}

/** Encodes a `function_call`, the form of calls before they had ids. */
function encodeLegacyCall(call: ToolCall): object {
  return { name: qualifiedName(call), arguments: call.arguments };
}

/** Returns the name with its namespace, which chat completions do not have: without it, a tool could be mistaken for another. */
function qualifiedName({ name, namespace }: ToolCall): string {
  return namespace === undefined ? name : `${namespace}.${name}`;
}
