import { MODEL, TOOL, type Answer, type Item, type Request } from './client.ts';
import type { Wire } from './http-client.ts';

interface ResponseEvent {
  readonly type: string;
  readonly response?: { readonly id: string; readonly output: readonly OutputItem[] };
}

type OutputItem = Item & { readonly id: string; readonly status: string };

/** `POST /v1/responses` */
export const RESPONSES: Wire = {
  path: '/v1/responses',
  encode: ({ items, hasTools, previous }: Request) => ({
    model: MODEL,
    stream: true,
    // Chat completions ask for it by themselves.
    reasoning: { summary: 'auto' },
    input: items.slice(previous?.items ?? 0),
    ...(previous && { previous_response_id: previous.id }),
    ...(hasTools && { tools: [{ type: 'function', ...TOOL, strict: false }] }),
  }),
  decode(events): Answer {
    const all = events as ResponseEvent[];
    const { id, output } = all.findLast(({ type }) => type === 'response.completed')!.response!;
    return {
      responseId: id,
      deltas: all.filter(({ type }) => type === 'response.output_text.delta').length,
      items: output,
    };
  },
};
