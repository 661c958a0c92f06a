import { piecesOf, writeDirective } from '../provider/directive.ts';
import { call, eventsOf, readText } from './http-call.ts';
import { failureOf, type Exchange, type Verdict } from './exchange.ts';

const MODEL = 'gpt-5.5';

interface Chunk {
  readonly choices?: readonly { readonly delta: { readonly content?: string } }[];
  readonly error?: { readonly code?: string | null };
}

/** Asks by chat completions and reads the whole answer. */
export async function askWhole({ directive, origin, signal }: Exchange): Promise<Verdict> {
  const response = await call({
    origin,
    path: '/v1/chat/completions',
    signal,
    body: bodyOf(directive, false),
  });
  const text = await readText(response);
  if (response.statusCode !== 200) return failureOf(response.statusCode!, text);
  const { choices } = JSON.parse(text) as { readonly choices: readonly { message: { content: string } }[] };
  return judgeText(choices[0]!.message.content, directive);
}

/** Asks by chat completions and reads the answer as a stream. */
export async function askStreamed({ directive, origin, signal }: Exchange): Promise<Verdict> {
  const response = await call({
    origin,
    path: '/v1/chat/completions',
    signal,
    body: bodyOf(directive, true),
  });
  const text = await readText(response);
  if (response.statusCode !== 200) return failureOf(response.statusCode!, text);
  const events = eventsOf(text);
  const end = events.pop();
  const chunks = events.map((data) => JSON.parse(data) as Chunk);
  const said = chunks.map(({ choices }) => choices?.[0]?.delta.content ?? '').join('');
  if (chunks.some(({ error }) => error !== undefined))
    return { outcome: 'wrong', detail: 'more after an error' };
  if (end === '[DONE]') return judgeText(said, directive);
  const { error } = JSON.parse(end ?? '{}') as Chunk;
  if (error === undefined) return { outcome: 'cut', detail: 'the stream has no end' };
  if (!piecesOf(directive).join('').startsWith(said)) return { outcome: 'wrong', detail: said };
  return { outcome: `200 ${error.code}` };
}

function bodyOf(directive: Exchange['directive'], stream: boolean): string {
  const messages = [{ role: 'user', content: writeDirective(directive) }];
  return JSON.stringify({ model: MODEL, stream, messages });
}

function judgeText(text: string, directive: Exchange['directive']): Verdict {
  return text === piecesOf(directive).join('') ? { outcome: 'ok' } : { outcome: 'wrong', detail: text };
}
