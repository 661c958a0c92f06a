import { MODEL, TOOL, type Item, type Part, type Request } from './client.ts';
import type { Wire } from './http-client.ts';

interface Chunk {
  readonly choices: readonly {
    readonly delta: { readonly content?: string | null; readonly tool_calls?: readonly CallDelta[] };
  }[];
}

interface CallDelta {
  readonly id?: string;
  readonly function: { readonly name?: string; readonly arguments?: string };
}

/** `POST /v1/chat/completions` */
export const CHAT: Wire = {
  path: '/v1/chat/completions',
  encode: ({ items, hasTools }: Request) => ({
    model: MODEL,
    stream: true,
    messages: items.map(encodeMessage),
    ...(hasTools && { tools: [{ type: 'function', function: TOOL }] }),
  }),
  decode(events) {
    const deltas = (events as Chunk[]).flatMap(({ choices }) => choices.map(({ delta }) => delta));
    const texts = deltas.flatMap(({ content }) => (content ? [content] : []));
    const calls = deltas.flatMap(({ tool_calls = [] }) => tool_calls);
    return { deltas: texts.length, items: [...messageOf(texts), ...callOf(calls)] };
  },
};

function messageOf(texts: readonly string[]): Item[] {
  if (texts.length === 0) return [];
  return [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: texts.join('') }] }];
}

/** Joins the pieces of the only call. */
function callOf(deltas: readonly CallDelta[]): Item[] {
  const head = deltas.find(({ id }) => id !== undefined);
  if (head === undefined) return [];
  const pieces = deltas.map((delta) => delta.function.arguments ?? '');
  return [
    { type: 'function_call', call_id: head.id!, name: head.function.name!, arguments: pieces.join('') },
  ];
}

function encodeMessage(item: Item): object {
  if (item.type === 'message') return { role: item.role, content: encodeContent(item.content) };
  if (item.type === 'function_call_output') {
    return { role: 'tool', tool_call_id: item.call_id, content: item.output };
  }
  const call = { name: item.name, arguments: item.arguments };
  return {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: item.call_id, type: 'function', function: call }],
  };
}

function encodeContent(parts: readonly Part[]): string | object[] {
  const [first] = parts;
  if (parts.length === 1 && first!.type !== 'input_image') return first!.text;
  return parts.map((part) =>
    part.type === 'input_image'
      ? { type: 'image_url', image_url: { url: part.image_url } }
      : { type: 'text', text: part.text },
  );
}
