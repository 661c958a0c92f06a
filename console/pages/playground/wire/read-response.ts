import type { AnswerContent, AnswerSource, ModelCall, TokenUsage } from './entries.ts';
import { readError } from './read-error.ts';

interface OutputItem {
  readonly type?: string;
  readonly call_id?: string;
  readonly name?: string;
  readonly arguments?: string;
  readonly input?: string;
  readonly content?: readonly ItemPart[];
  readonly summary?: readonly { readonly text?: string }[];
}

interface ItemPart {
  readonly type?: string;
  readonly text?: string;
  readonly refusal?: string;
  readonly annotations?: readonly Partial<AnswerSource>[];
}

interface ResponseUsage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly input_tokens_details?: { readonly cached_tokens?: number };
  readonly output_tokens_details?: { readonly reasoning_tokens?: number };
  readonly estimated?: boolean;
}

interface ResponseObject {
  readonly model?: string;
  readonly status?: string;
  readonly output?: readonly OutputItem[];
  readonly incomplete_details?: { readonly reason?: string } | null;
  readonly usage?: ResponseUsage | null;
  readonly error?: object | null;
}

interface ResponseEvent {
  readonly type: string;
  readonly delta?: string;
  readonly item?: OutputItem;
  readonly response?: ResponseObject;
  readonly message?: string;
  readonly annotation?: Partial<AnswerSource>;
}

/** States in which a response has ended. */
const ENDS = ['completed', 'incomplete', 'failed', 'cancelled'];

/** Adds one event of a stream to an answer. Events that add nothing to what is shown are passed over. */
export function addResponseEvent(content: AnswerContent, data: unknown): AnswerContent {
  const event = data as ResponseEvent;
  const { type, delta = '', response } = event;
  switch (type) {
    case 'response.output_text.delta':
      return { ...content, text: content.text + delta };
    case 'response.refusal.delta':
      return { ...content, refusal: content.refusal + delta };
    case 'response.reasoning_summary_text.delta':
      return { ...content, reasoning: content.reasoning + delta };
    case 'response.reasoning_summary_part.added':
      return { ...content, reasoning: withBreak(content.reasoning) };
    case 'response.output_text.annotation.added':
      return { ...content, sources: [...content.sources, ...readSources([event.annotation ?? {}])] };
    case 'response.output_item.added':
      return event.item?.type === 'message' ? { ...content, text: withBreak(content.text) } : content;
    case 'response.output_item.done':
      return { ...content, calls: [...content.calls, ...readCalls([event.item ?? {}])] };
    case 'error':
      return { ...content, error: readError(event) };
    default:
      return response === undefined ? content : addEnd(content, response);
  }
}

/** Reads a whole response. */
export function readResponse(data: unknown): AnswerContent {
  const response = data as ResponseObject;
  const { output = [] } = response;
  const parts = output.flatMap((item) => (item.type === 'message' ? (item.content ?? []) : []));
  const join = (texts: readonly (string | undefined)[]) => texts.filter(Boolean).join('\n\n');
  const content = {
    text: join(parts.map(({ text }) => text)),
    refusal: join(parts.map(({ refusal }) => refusal)),
    reasoning: join(output.flatMap(({ summary = [] }) => summary.map(({ text }) => text))),
    calls: readCalls(output),
    sources: readSources(parts.flatMap(({ annotations = [] }) => annotations)),
    model: '',
    finish: '',
  };
  return addEnd(content, response);
}

function addEnd(content: AnswerContent, response: ResponseObject): AnswerContent {
  const { model, status = '', incomplete_details: cut, usage, error } = response;
  return {
    ...content,
    model: model ?? content.model,
    finish: ENDS.includes(status) ? (cut?.reason ?? status) : content.finish,
    ...(usage && { usage: readUsage(usage) }),
    ...(error && { error: readError(error) }),
  };
}

/** Returns a text that the next paragraph can follow. */
function withBreak(text: string): string {
  return text === '' ? '' : `${text}\n\n`;
}

function readCalls(items: readonly OutputItem[]): ModelCall[] {
  return items.flatMap<ModelCall>(
    ({ type, call_id: id = '', name = '', arguments: written = '', input = '' }) => {
      if (type === 'function_call') return [{ id, name, input: written, isCustom: false }];
      return type === 'custom_tool_call' ? [{ id, name, input, isCustom: true }] : [];
    },
  );
}

function readSources(annotations: readonly Partial<AnswerSource>[]): AnswerSource[] {
  return annotations.flatMap(({ url, title = url }) =>
    url === undefined || title === undefined ? [] : [{ url, title }],
  );
}

function readUsage(usage: ResponseUsage): TokenUsage {
  return {
    input: usage.input_tokens,
    cached: usage.input_tokens_details?.cached_tokens ?? 0,
    output: usage.output_tokens,
    reasoning: usage.output_tokens_details?.reasoning_tokens ?? 0,
    isEstimated: usage.estimated ?? false,
  };
}
