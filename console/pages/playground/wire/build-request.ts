import { awaitsResults, type ChatEntry, type PlaygroundRequest, type PromptSettings } from './entries.ts';
import { encodeChatMessages, encodeResponseInput } from './encode-history.ts';
import { parseFields, type ParsedFields } from './parse-fields.ts';
import { toChatTool, toResponseTool } from './tool-forms.ts';

/** Builds the request that continues a conversation. JSON that cannot be read is left out: the page does not send it. */
export function buildRequest(settings: PromptSettings, entries: readonly ChatEntry[]): PlaygroundRequest {
  const fields = parseFields(settings);
  const known = entries.filter((entry) => !awaitsResults(entry));
  const headers: Record<string, string> = settings.isStrict ? { 'x-codex-gateway-strict': '1' } : {};
  return settings.api === 'chat'
    ? { path: 'v1/chat/completions', headers, body: chatBody(settings, fields, known) }
    : { path: 'v1/responses', headers, body: responseBody(settings, fields, known) };
}

type Body = Record<string, unknown>;

function chatBody(
  { model, instructions, effort, verbosity, isStreamed, format, toolChoice }: PromptSettings,
  { schema, tools, further }: ParsedFields,
  entries: readonly ChatEntry[],
): Body {
  return {
    model,
    messages: [
      ...(instructions === '' ? [] : [{ role: 'system', content: instructions }]),
      ...encodeChatMessages(entries),
    ],
    ...(effort !== '' && { reasoning_effort: effort }),
    ...(verbosity !== '' && { verbosity }),
    ...(format === 'json_object' && { response_format: { type: 'json_object' } }),
    ...(format === 'json_schema' && {
      response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } },
    }),
    ...(tools.length > 0 && { tools: tools.map(toChatTool), ...choice(toolChoice) }),
    ...(isStreamed && { stream: true, stream_options: { include_usage: true } }),
    ...further,
  };
}

function responseBody(
  { model, instructions, effort, verbosity, isStreamed, format, toolChoice }: PromptSettings,
  { schema, tools, further }: ParsedFields,
  entries: readonly ChatEntry[],
): Body {
  const text = {
    ...(verbosity !== '' && { verbosity }),
    ...(format === 'json_object' && { format: { type: 'json_object' } }),
    ...(format === 'json_schema' && {
      format: { type: 'json_schema', name: 'answer', strict: true, schema },
    }),
  };
  return {
    model,
    ...(instructions !== '' && { instructions }),
    input: encodeResponseInput(entries),
    reasoning: { ...(effort !== '' && { effort }), summary: 'auto' },
    ...(Object.keys(text).length > 0 && { text }),
    ...(tools.length > 0 && { tools: tools.map(toResponseTool), ...choice(toolChoice) }),
    // A trial leaves nothing behind.
    store: false,
    ...(isStreamed && { stream: true }),
    ...further,
  };
}

function choice(toolChoice: string): Body {
  return toolChoice === '' ? {} : { tool_choice: toolChoice };
}
