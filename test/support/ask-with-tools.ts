import type { TestGateway } from './gateway.ts';
import { readChunks } from './read-chunks.ts';

/** A call as a client gets it. */
interface Call {
  readonly id?: string;
  readonly type?: string;
  readonly function?: { readonly name: string; readonly arguments: string };
  readonly custom?: { readonly name: string; readonly input: string };
}

interface Message {
  readonly role?: string;
  readonly content?: string | null;
  readonly annotations?: readonly object[];
  readonly tool_calls?: readonly Call[];
  readonly function_call?: { readonly name: string; readonly arguments: string };
}

/** The result of a request for its caller, streamed or not. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly message: Message;
  readonly finishReason: string | null | undefined;
  readonly usage: object | undefined;
  readonly error:
    | { readonly message: string; readonly param: string | null; readonly code: string }
    | undefined;
}

/** Asks for one answer; a streamed one is put together. */
export async function askWithTools(
  gateway: TestGateway,
  body: object,
  way: 'whole' | 'streamed' = 'whole',
): Promise<Answer> {
  const options = { stream: true, stream_options: { include_usage: true } };
  const response = await gateway.post({ ...(way === 'streamed' && options), ...body });
  const text = await response.text();
  const streamed = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const { status, headers } = response;
  return { status, headers, ...(streamed ? readStream(text) : readWhole(text)) };
}

type Read = Omit<Answer, 'status' | 'headers'>;

function readWhole(text: string): Read {
  const { choices, usage, error } = JSON.parse(text) as {
    readonly choices?: readonly { readonly message: Message; readonly finish_reason: string | null }[];
    readonly usage?: object;
    readonly error?: Answer['error'];
  };
  const [choice] = choices ?? [];
  return { message: choice?.message ?? {}, finishReason: choice?.finish_reason, usage, error };
}

/** Its calls come whole; whether the stream is a good one is checked elsewhere. */
function readStream(text: string): Read {
  const frames = readChunks(text);
  const chunks = frames.filter((frame) => !('error' in frame));
  const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta));
  const content = deltas.map((delta) => delta.content ?? '').join('');
  const calls = deltas.flatMap((delta) => delta.tool_calls ?? []);
  const functionCall = deltas.find((delta) => delta.function_call)?.function_call;
  const message = {
    role: deltas.find(({ role }) => role)?.role,
    annotations: deltas.flatMap((delta) => (delta as Message).annotations ?? []),
    content: content === '' && (calls.length > 0 || functionCall) ? null : content,
    ...(calls.length > 0 && { tool_calls: calls.map((call) => ({ ...call, index: undefined })) }),
    ...(functionCall && { function_call: functionCall }),
  };
  return {
    message: message as Message,
    finishReason: chunks.flatMap(({ choices }) => choices).find((choice) => choice.finish_reason)
      ?.finish_reason,
    usage: chunks.at(-1)?.usage ?? undefined,
    error: (frames.at(-1) as Pick<Answer, 'error'> | undefined)?.error,
  };
}

/** A function as `tools` offers it. */
export function functionTool(name: string, parameters?: object): object {
  return { type: 'function', function: { name, ...(parameters && { parameters }) } };
}
