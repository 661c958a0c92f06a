import type { AnswerContent, AnswerSource, ModelCall, TokenUsage } from './entries.ts';
import { readError } from './read-error.ts';

/** The message of a chat completion, or what a chunk adds to it. */
interface ChatMessage {
  readonly content?: string | null;
  readonly reasoning_content?: string;
  readonly refusal?: string | null;
  readonly tool_calls?: readonly ChatCall[];
  readonly annotations?: readonly { readonly url_citation?: AnswerSource }[];
}

interface ChatCall {
  readonly id?: string;
  readonly function?: { readonly name?: string; readonly arguments?: string };
  readonly custom?: { readonly name?: string; readonly input?: string };
}

interface ChatUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number };
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number };
  readonly estimated?: boolean;
}

interface ChatCompletion {
  readonly model?: string;
  readonly choices?: readonly {
    readonly index?: number;
    readonly message?: ChatMessage;
    readonly delta?: ChatMessage;
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: ChatUsage | null;
  readonly error?: object;
}

/** Adds a chunk, or a whole completion, to an answer. Of several choices it reads the first. */
export function addChatCompletion(content: AnswerContent, data: unknown): AnswerContent {
  const { model, choices = [], usage, error } = data as ChatCompletion;
  const choice = choices.find(({ index = 0 }) => index === 0);
  const { message, delta = message, finish_reason: finish } = choice ?? {};
  return {
    ...addMessage(content, delta ?? {}),
    model: model ?? content.model,
    finish: finish ?? content.finish,
    ...(usage && { usage: readUsage(usage) }),
    ...(error && { error: readError(error) }),
  };
}

function addMessage(content: AnswerContent, message: ChatMessage): AnswerContent {
  const sources = (message.annotations ?? []).flatMap(({ url_citation: found }) => found ?? []);
  return {
    ...content,
    text: content.text + (message.content ?? ''),
    reasoning: content.reasoning + (message.reasoning_content ?? ''),
    refusal: content.refusal + (message.refusal ?? ''),
    calls: [...content.calls, ...(message.tool_calls ?? []).map(readCall)],
    sources: [...content.sources, ...sources],
  };
}

/** Reads a call, which the gateway sends in one piece. */
function readCall({ id = '', function: called, custom }: ChatCall): ModelCall {
  return custom
    ? { id, name: custom.name ?? '', input: custom.input ?? '', isCustom: true }
    : { id, name: called?.name ?? '', input: called?.arguments ?? '', isCustom: false };
}

function readUsage(usage: ChatUsage): TokenUsage {
  return {
    input: usage.prompt_tokens,
    cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
    output: usage.completion_tokens,
    reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
    isEstimated: usage.estimated ?? false,
  };
}
