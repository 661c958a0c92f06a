import { GatewayError } from '../../base/errors.ts';
import {
  MAX_ANSWER,
  sizeOf,
  type Citation,
  type ToolCall,
  type TurnEnd,
  type TurnEvent,
} from '../../conversation/turn-event.ts';
import type { AnswerStyle } from './decode.ts';
import { encodeCitation } from './encode-citation.ts';
import { encodeCall, encodeLegacyCall } from './encode-call.ts';
import { totalUsage } from './encode-usage.ts';
import type { Writing } from './envelope.ts';
import { encodeFinishReason } from './finish-reason.ts';

/** What has come of one choice so far. */
interface Collected {
  text: string;
  reasoning: string;
  readonly citations: Citation[];
  readonly calls: ToolCall[];
  end: TurnEnd | undefined;
}

/** Collects an answer into one `chat.completion` object. */
export async function encodeChatCompletion(
  { envelope, serviceTier, events }: Writing<TurnEvent>,
  style: AnswerStyle,
): Promise<object> {
  const choices: Collected[] = [];
  let length = 0;
  for await (const { index, value } of events) {
    choices[index] ??= { text: '', reasoning: '', citations: [], calls: [], end: undefined };
    collect(choices[index], value);
    length += sizeOf(value);
    if (length > MAX_ANSWER) {
      throw new GatewayError(
        'answer_too_large',
        `The answer is over ${MAX_ANSWER} characters; stream it instead.`,
      );
    }
  }
  const usage = totalUsage(choices.map(({ end }) => end?.usage ?? null));
  return {
    id: envelope.id,
    object: 'chat.completion',
    created: envelope.created,
    model: envelope.model,
    choices: choices.map((choice, index) => encodeChoice(choice, index, style)),
    ...(usage && { usage }),
    service_tier: serviceTier,
    ...(style.metadata && { metadata: style.metadata }),
  };
}

function collect(choice: Collected, event: TurnEvent): void {
  switch (event.type) {
    case 'text-delta':
      choice.text += event.text;
      break;
    case 'reasoning-delta':
      choice.reasoning += event.text;
      break;
    case 'citation':
      choice.citations.push(event);
      break;
    case 'tool-call':
      choice.calls.push(event);
      break;
    case 'turn-end':
      choice.end = event;
      break;
    default:
  }
}

function encodeChoice(choice: Collected, index: number, style: AnswerStyle): object {
  const { text, reasoning, citations, calls, end } = choice;
  if (end === undefined) throw new Error('the turn ended without a turn-end event');
  return {
    index,
    message: {
      role: 'assistant',
      content: text === '' && calls.length > 0 ? null : text,
      refusal: null,
      annotations: citations.map(encodeCitation),
      ...(reasoning !== '' && { reasoning_content: reasoning }),
      ...encodeCalls(calls, style),
    },
    finish_reason: encodeFinishReason(end.reason, style.legacyCalls),
    logprobs: null,
  };
}

/** Some clients take an empty list for calls. */
function encodeCalls(calls: readonly ToolCall[], style: AnswerStyle): object {
  const [first] = calls;
  if (first === undefined) return {};
  if (style.legacyCalls) return { function_call: encodeLegacyCall(first) };
  return { tool_calls: calls.map((call) => encodeCall(call, style)) };
}
