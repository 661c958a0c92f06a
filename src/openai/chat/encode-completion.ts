import type { ToolCall } from '../../conversation/item.ts';
import type { Citation, TurnEnd, TurnEvent } from '../../conversation/turn-event.ts';
import { totalUsage } from '../vocabulary/encode-usage.ts';
import type { Writing } from '../vocabulary/envelope.ts';
import { limitSize } from '../vocabulary/limit-size.ts';
import type { ChatStyle } from './decode.ts';
import { encodeCitation } from './encode-citation.ts';
import { encodeCall, encodeLegacyCall } from './encode-call.ts';
import { encodeFinishReason } from './finish-reason.ts';
import { createReasoningJoiner, type JoinReasoning } from './join-reasoning.ts';

/** What has come of one choice so far. */
interface Collected {
  text: string;
  reasoning: string;
  readonly joinReasoning: JoinReasoning;
  readonly citations: Citation[];
  readonly calls: ToolCall[];
  end: TurnEnd | undefined;
}

/** Collects an answer into one `chat.completion` object. */
export async function encodeChatCompletion(
  { envelope, serviceTier, events }: Writing<TurnEvent>,
  style: ChatStyle,
): Promise<object> {
  const choices: Collected[] = [];
  for await (const { index, value } of limitSize(events)) {
    choices[index] ??= beginChoice();
    collect(choices[index], value);
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

function beginChoice(): Collected {
  return {
    text: '',
    reasoning: '',
    joinReasoning: createReasoningJoiner(),
    citations: [],
    calls: [],
    end: undefined,
  };
}

function collect(choice: Collected, event: TurnEvent): void {
  switch (event.type) {
    case 'text-delta':
      choice.text += event.text;
      break;
    case 'reasoning-delta':
      choice.reasoning += choice.joinReasoning(event);
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

function encodeChoice(choice: Collected, index: number, style: ChatStyle): object {
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
function encodeCalls(calls: readonly ToolCall[], style: ChatStyle): object {
  const [first] = calls;
  if (first === undefined) return {};
  if (style.legacyCalls) return { function_call: encodeLegacyCall(first) };
  return { tool_calls: calls.map((call) => encodeCall(call, style)) };
}
