import { SMALL } from '../../support/images.ts';
import { writeDirective } from '../provider/directive.ts';
import { answerOf, call, eventsOf, openCall, readText, type Answer, type Call } from './http-call.ts';
import { CHAOS_MODEL, failureOf, judgePart, judgeText, type Exchange, type Verdict } from './exchange.ts';

interface Chunk {
  readonly choices?: readonly { readonly delta: { readonly content?: string | null } }[];
  readonly error?: { readonly code?: string | null };
}

interface Message {
  readonly content: string | null;
  readonly tool_calls?: readonly { readonly id: string; readonly function: { readonly arguments: string } }[];
}

const IMAGE = `data:image/png;base64,${SMALL.png.toString('base64')}`;

const LOOK = {
  type: 'function',
  function: { name: 'look', parameters: { type: 'object', properties: { at: { type: 'string' } } } },
};

/** Asks and reads the whole answer. */
export async function askWhole(exchange: Exchange): Promise<Verdict> {
  const answer = await call(chatCall(exchange, {}));
  return answer.status === 200
    ? judgeText(messageOf(answer).content ?? '', exchange.directive)
    : failureOf(answer);
}

/** Asks the same twice at once under one key, which stands for one answer. */
export async function askTwice(exchange: Exchange): Promise<Verdict> {
  const headers = { 'idempotency-key': exchange.directive.id };
  const calls = [1, 2].map(async () => await call({ ...chatCall(exchange, {}), headers }));
  const both = await Promise.all(calls);
  const failed = both.find(({ status }) => status !== 200);
  // The second one asks again if it comes after the failure of the first.
  if (failed !== undefined) return { ...failureOf(failed), attempts: 2 };
  const [one, other] = both.map((answer) => messageOf(answer).content);
  if (one !== other) return { outcome: 'wrong', detail: 'two answers' };
  return judgeText(one ?? '', exchange.directive);
}

/** Asks for a stream and reads it to its end. */
export async function askStreamed(exchange: Exchange): Promise<Verdict> {
  return await readStream(exchange, 0);
}

/** The same for a client that takes its time. */
export async function askSlowly(exchange: Exchange): Promise<Verdict> {
  return await readStream(exchange, 30);
}

/** Asks for a stream and goes away in the middle of it. */
export async function goAway(exchange: Exchange): Promise<Verdict> {
  const gone = new AbortController();
  const signal = AbortSignal.any([gone.signal, exchange.signal]);
  const timer = setTimeout(() => gone.abort(), exchange.random.between(0, 400));
  try {
    const response = await openCall({ ...chatCall(exchange, { stream: true }), signal });
    const text = await readText(response);
    // It was answered first.
    const answer = answerOf(response, text);
    return answer.status === 200 ? judgeStream(text, exchange) : failureOf(answer);
  } catch (error) {
    if (gone.signal.aborted) return { outcome: 'left' };
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Asks about an image. */
export async function askAboutImage(exchange: Exchange): Promise<Verdict> {
  const content = [
    { type: 'text', text: writeDirective(exchange.directive) },
    { type: 'image_url', image_url: { url: IMAGE } },
  ];
  const answer = await call(chatCall(exchange, { messages: [{ role: 'user', content }] }));
  return answer.status === 200
    ? judgeText(messageOf(answer).content ?? '', exchange.directive)
    : failureOf(answer);
}

/** Lets the model call a tool, and answers the call. */
export async function answerTool(exchange: Exchange): Promise<Verdict> {
  const question = { role: 'user', content: writeDirective(exchange.directive) };
  const first = await call(chatCall(exchange, { tools: [LOOK], messages: [question] }));
  if (first.status !== 200) return failureOf(first);
  const message = messageOf(first);
  const [toolCall] = message.tool_calls ?? [];
  // A provider in trouble has said something already.
  if (toolCall === undefined) return judgeText(message.content ?? '', exchange.directive);
  if (toolCall.function.arguments !== JSON.stringify({ at: exchange.directive.id }))
    return { outcome: 'wrong', detail: `called with ${toolCall.function.arguments}` };
  const result = { role: 'tool', tool_call_id: toolCall.id, content: 'seen' };
  const answer = await call(chatCall(exchange, { tools: [LOOK], messages: [question, message, result] }));
  return answer.status === 200
    ? judgeText(messageOf(answer).content ?? '', exchange.directive)
    : { ...failureOf(answer), stepsBefore: 1 };
}

function chatCall({ directive, origin, token, signal }: Exchange, fields: object): Call {
  const messages = [{ role: 'user', content: writeDirective(directive) }];
  const body = { model: CHAOS_MODEL, messages, ...fields };
  return { origin, token, signal, path: '/v1/chat/completions', body };
}

async function readStream(exchange: Exchange, slowlyMs: number): Promise<Verdict> {
  const response = await openCall(chatCall(exchange, { stream: true }));
  const text = await readText(response, slowlyMs);
  const answer = answerOf(response, text);
  return answer.status === 200 ? judgeStream(text, exchange) : failureOf(answer);
}

function judgeStream(text: string, { directive }: Exchange): Verdict {
  const events = eventsOf(text);
  const end = events.pop();
  const chunks = events.map((data) => JSON.parse(data) as Chunk);
  const said = chunks.map(({ choices }) => choices?.[0]?.delta.content ?? '').join('');
  if (chunks.some(({ error }) => error !== undefined))
    return { outcome: 'wrong', detail: 'more after an error' };
  if (end === '[DONE]') return judgeText(said, directive);
  const { error } = JSON.parse(end ?? '{}') as Chunk;
  if (error === undefined) return { outcome: 'wrong', detail: 'the stream has no end' };
  return judgePart(said, directive, error.code);
}

function messageOf({ text }: Answer): Message {
  const { choices } = JSON.parse(text) as { readonly choices?: readonly { readonly message: Message }[] };
  // An answer that fails after its first space is a 200 with an error.
  return choices?.[0]?.message ?? { content: `an error: ${text.trim().slice(0, 200)}` };
}
