import type OpenAI from 'openai';
import type { TestGateway } from './gateway.ts';
import { readChunks } from './read-chunks.ts';

/** Both ways in which a chat completion is answered. */
export const WAYS = ['whole', 'streamed'] as const;
export type Way = (typeof WAYS)[number];

/** The content of one answer, streamed or not. */
interface Said {
  readonly content: string;
  readonly reasoning: string;
  readonly citations: readonly unknown[];
  readonly calls: readonly { readonly name: string; readonly arguments: string }[];
  readonly finish: string | null;
}

/** An answer over HTTP, or what came in its place. */
export interface Told {
  readonly status: number;
  /** `x-codex-gateway-ignored`. */
  readonly ignored: string | null;
  /** `x-codex-gateway-adjusted`. */
  readonly adjusted: string | null;
  readonly tier: string | undefined;
  readonly said: readonly Said[];
  readonly usage: (OpenAI.CompletionUsage & { readonly estimated?: boolean }) | undefined;
  readonly error:
    | { readonly message: string; readonly param: string | null; readonly code: string }
    | undefined;
}

export const HELLO = [{ role: 'user', content: 'hello' }];

interface Message extends OpenAI.ChatCompletionMessage {
  readonly reasoning_content?: string;
}

/** Asks for a chat completion and reads the answer to its end; `model` and `messages` need not be given. */
export async function ask(
  gateway: TestGateway,
  way: Way,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Told> {
  const streaming = way === 'streamed' && { stream: true, stream_options: { include_usage: true } };
  const given = { model: 'gpt-5.5', messages: HELLO, ...body, ...streaming };
  const response = await gateway.post(given, { headers });
  const text = await response.text();
  const notices = {
    status: response.status,
    ignored: response.headers.get('x-codex-gateway-ignored'),
    adjusted: response.headers.get('x-codex-gateway-adjusted'),
  };
  const read = response.headers.get('content-type')?.startsWith('text/event-stream') ? readStream : readWhole;
  return { ...notices, ...read(text) };
}

type Content = Omit<Told, 'status' | 'ignored' | 'adjusted'>;

function readWhole(text: string): Content {
  const body = JSON.parse(text) as OpenAI.ChatCompletion & { error?: Told['error'] };
  const said = (body.choices ?? []).map(({ message, finish_reason: finish }) => ({
    content: message.content ?? '',
    reasoning: (message as Message).reasoning_content ?? '',
    citations: message.annotations ?? [],
    calls: (message.tool_calls ?? []).flatMap((call) => (call.type === 'function' ? [call.function] : [])),
    finish,
  }));
  return { said, usage: body.usage, error: body.error, tier: body.service_tier ?? undefined };
}

function readStream(text: string): Content {
  const chunks = readChunks(text) as (OpenAI.ChatCompletionChunk & { error?: Told['error'] })[];
  const said: Said[] = [];
  for (const { index, delta, finish_reason: finish } of chunks.flatMap(({ choices }) => choices ?? [])) {
    const { content, reasoning, citations, calls } = said[index] ?? NOTHING;
    const more = delta as OpenAI.ChatCompletionChunk.Choice.Delta & {
      readonly reasoning_content?: string;
      readonly annotations?: readonly unknown[];
    };
    said[index] = {
      content: content + (more.content ?? ''),
      reasoning: reasoning + (more.reasoning_content ?? ''),
      citations: [...citations, ...(more.annotations ?? [])],
      calls: [...calls, ...(more.tool_calls ?? []).map((call) => call.function as Said['calls'][number])],
      finish,
    };
  }
  const usage = chunks.at(-1)?.usage ?? undefined;
  const { error } = chunks.at(-1) ?? {};
  return { said, usage, error, tier: chunks[0]?.service_tier ?? undefined };
}

const NOTHING: Said = { content: '', reasoning: '', citations: [], calls: [], finish: null };
