import { createChoices } from '../vocabulary/choices.ts';
import type { CompletionAnswer } from '../vocabulary/envelope.ts';
import { limitSize } from '../vocabulary/limit-size.ts';
import type { ChatStyle } from './decode.ts';
import { createChatUpdateEncoder, type ChatUpdate } from './encode-updates.ts';

/** The sum of the updates of one choice. */
interface Message {
  text: string;
  reasoning: string;
  readonly annotations: object[];
  readonly calls: object[];
  legacyCall: object | undefined;
  finishReason: string | null;
}

/** Collects an answer into one `chat.completion` object. */
export async function encodeChatCompletion(
  { envelope, serviceTier, events: batches }: CompletionAnswer,
  style: ChatStyle,
): Promise<object> {
  const choices = createChoices(() => ({
    encodeUpdates: createChatUpdateEncoder(style),
    message: emptyMessage(),
  }));
  const checkSize = limitSize();
  for await (const { index, events } of batches) {
    checkSize(events);
    const { encodeUpdates, message } = choices.advance(index, events);
    for (const event of events) {
      for (const update of encodeUpdates(event)) addUpdate(message, update);
    }
  }
  const messages = choices.complete().map(({ message }) => message);
  const usage = choices.encodeUsage();
  return {
    id: envelope.id,
    object: 'chat.completion',
    created: envelope.created,
    model: envelope.model,
    choices: messages.map(encodeChoice),
    ...(usage && { usage }),
    service_tier: serviceTier,
    ...(style.metadata && { metadata: style.metadata }),
  };
}

function emptyMessage(): Message {
  return {
    text: '',
    reasoning: '',
    annotations: [],
    calls: [],
    legacyCall: undefined,
    finishReason: null,
  };
}

function addUpdate(message: Message, { delta, finishReason }: ChatUpdate): void {
  const { content, reasoning_content: reasoning, annotations, tool_calls: calls } = delta;
  if (content) message.text += content;
  if (reasoning) message.reasoning += reasoning;
  if (annotations) message.annotations.push(...annotations);
  if (calls) for (const { index, ...call } of calls) message.calls[index] = call;
  message.legacyCall ??= delta.function_call;
  message.finishReason ??= finishReason;
}

function encodeChoice(message: Message, index: number): object {
  const { text, reasoning, annotations, calls, legacyCall, finishReason } = message;
  const hasCalls = calls.length > 0 || legacyCall !== undefined;
  return {
    index,
    message: {
      role: 'assistant',
      content: text === '' && hasCalls ? null : text,
      refusal: null,
      annotations,
      ...(reasoning !== '' && { reasoning_content: reasoning }),
      // Some clients take an empty list for calls.
      ...(calls.length > 0 && { tool_calls: calls }),
      ...(legacyCall && { function_call: legacyCall }),
    },
    finish_reason: finishReason,
    logprobs: null,
  };
}
