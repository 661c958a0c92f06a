import type { AnswerEntry, ChatEntry, ModelCall, PromptEntry } from './entries.ts';

/** Encodes a conversation as `messages` of chat completions. */
export function encodeChatMessages(entries: readonly ChatEntry[]): object[] {
  return entries.flatMap((entry) =>
    entry.kind === 'prompt' ? [encodeChatPrompt(entry)] : encodeChatAnswer(entry),
  );
}

function encodeChatPrompt({ text, images }: PromptEntry): object {
  if (images.length === 0) return { role: 'user', content: text };
  const parts = images.map(({ url }) => ({ type: 'image_url', image_url: { url } }));
  return { role: 'user', content: [...(text === '' ? [] : [{ type: 'text', text }]), ...parts] };
}

function encodeChatAnswer(answer: AnswerEntry): object[] {
  const { text } = answer.content;
  const calls = answeredCalls(answer);
  if (text === '' && calls.length === 0) return [];
  return [
    {
      role: 'assistant',
      content: text === '' ? null : text,
      ...(calls.length > 0 && { tool_calls: calls.map(([call]) => encodeChatCall(call)) }),
    },
    ...calls.map(([{ id }, content]) => ({ role: 'tool', tool_call_id: id, content })),
  ];
}

function encodeChatCall({ id, name, input, isCustom }: ModelCall): object {
  return isCustom
    ? { id, type: 'custom', custom: { name, input } }
    : { id, type: 'function', function: { name, arguments: input } };
}

/** Encodes a conversation as `input` of the Responses API: a plain text where it is no more than that. */
export function encodeResponseInput(entries: readonly ChatEntry[]): string | object[] {
  const [first] = entries;
  if (entries.length === 1 && first?.kind === 'prompt' && first.images.length === 0) return first.text;
  return entries.flatMap((entry) =>
    entry.kind === 'prompt' ? [encodeResponsePrompt(entry)] : encodeResponseAnswer(entry),
  );
}

function encodeResponsePrompt({ text, images }: PromptEntry): object {
  if (images.length === 0) return { role: 'user', content: text };
  const parts = images.map(({ url }) => ({ type: 'input_image', image_url: url }));
  return { role: 'user', content: [...(text === '' ? [] : [{ type: 'input_text', text }]), ...parts] };
}

function encodeResponseAnswer(answer: AnswerEntry): object[] {
  const { text } = answer.content;
  const calls = answeredCalls(answer);
  return [
    ...(text === '' ? [] : [{ role: 'assistant', content: text }]),
    ...calls.map(([{ id: call_id, name, input, isCustom }]) =>
      isCustom
        ? { type: 'custom_tool_call', call_id, name, input }
        : { type: 'function_call', call_id, name, arguments: input },
    ),
    ...calls.map(([{ id: call_id, isCustom }, output]) => ({
      type: isCustom ? 'custom_tool_call_output' : 'function_call_output',
      call_id,
      output,
    })),
  ];
}

/** Returns the calls of an answer with their results; a call without one cannot be sent back. */
function answeredCalls({ content, results }: AnswerEntry): (readonly [call: ModelCall, result: string])[] {
  if (results === undefined) return [];
  return content.calls.map((call) => [call, results[call.id] ?? ''] as const);
}
