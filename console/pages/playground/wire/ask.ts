import { createParser } from 'eventsource-parser';
import { ApiError } from '../../../api/api-error.ts';
import { sendRequest } from '../../../api/request.ts';
import {
  EMPTY_CONTENT,
  type AnswerContent,
  type AnswerError,
  type AnswerFacts,
  type PlaygroundRequest,
} from './entries.ts';
import { addChatCompletion } from './read-chat.ts';
import { readAdjusted, readIgnored } from './read-notices.ts';
import { addResponseEvent, readResponse } from './read-response.ts';

/** An answer as far as it has come. */
export interface Arrived {
  readonly content: AnswerContent;
  readonly facts: AnswerFacts;
}

export const NOTHING_ARRIVED: Arrived = {
  content: EMPTY_CONTENT,
  facts: { requestId: '', ignored: [], adjusted: [], raw: [] },
};

/** Maximum events of a stream whose text is kept. */
const MAX_RAW = 2_000;

const BROKEN_OFF = 'The connection to the gateway broke off before the answer was complete.';

/** Sends a request and calls `onChange` whenever more of its answer has come. Errors are part of the answer; it rejects only when stopped. */
export async function ask(
  request: PlaygroundRequest,
  signal: AbortSignal,
  onChange: (arrived: Arrived) => void,
): Promise<void> {
  const begun = performance.now();
  let arrived = NOTHING_ARRIVED;
  function show(content: AnswerContent, facts: Partial<AnswerFacts> = {}): void {
    arrived = { content, facts: { ...arrived.facts, ...facts, ...timesOf(content, begun, arrived) } };
    onChange(arrived);
  }
  try {
    const { path, headers, body } = request;
    const response = await sendRequest(path, { method: 'POST', headers, body, signal });
    show(EMPTY_CONTENT, readHead(response));
    if (response.headers.get('content-type')?.startsWith('text/event-stream'))
      await readStream(response, addTo(path), () => arrived, show);
    else await readWhole(response, path, show);
  } catch (error) {
    signal.throwIfAborted();
    const requestId = error instanceof ApiError ? error.requestId : arrived.facts.requestId;
    show({ ...arrived.content, error: describeError(error) }, { requestId });
  } finally {
    onChange({ ...arrived, facts: { ...arrived.facts, totalMs: performance.now() - begun } });
  }
}

function addTo(path: string): typeof addChatCompletion {
  return path === 'v1/responses' ? addResponseEvent : addChatCompletion;
}

function readHead({ headers }: Response): Partial<AnswerFacts> {
  return {
    requestId: headers.get('x-request-id') ?? '',
    ignored: readIgnored(headers.get('x-codex-gateway-ignored')),
    adjusted: readAdjusted(headers.get('x-codex-gateway-adjusted')),
  };
}

/** Returns the time of the first sign of an answer, and of the first after thinking, at the moment that they come. */
function timesOf(content: AnswerContent, begun: number, { facts }: Arrived): Partial<AnswerFacts> {
  const now = performance.now() - begun;
  const hasAnswer = isBegun(content);
  const isFirst = facts.firstTokenMs === undefined && (hasAnswer || content.reasoning !== '');
  const firstTokenMs = isFirst ? now : facts.firstTokenMs;
  const isThought = facts.reasoningMs === undefined && hasAnswer && content.reasoning !== '';
  return {
    ...(firstTokenMs !== undefined && { firstTokenMs }),
    ...(isThought && { reasoningMs: now - (firstTokenMs ?? now) }),
  };
}

/** Returns true if there is more than reasoning. */
function isBegun({ text, calls, refusal }: AnswerContent): boolean {
  return text !== '' || calls.length > 0 || refusal !== '';
}

type Show = (content: AnswerContent, facts?: Partial<AnswerFacts>) => void;

async function readStream(
  response: Response,
  add: typeof addChatCompletion,
  current: () => Arrived,
  show: Show,
): Promise<void> {
  let isComplete = false;
  const parser = createParser({
    onEvent({ data }) {
      const { content, facts } = current();
      const raw = facts.raw.length < MAX_RAW ? [...facts.raw, data] : facts.raw;
      if (data === '[DONE]') {
        isComplete = true;
        return show(content, { raw });
      }
      const next = add(content, JSON.parse(data));
      isComplete ||= next.error !== undefined || (next.finish !== '' && add === addResponseEvent);
      show(next, { raw });
    },
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parser.feed(value);
  }
  if (!isComplete) throw new Error(BROKEN_OFF);
}

async function readWhole(response: Response, path: string, show: Show): Promise<void> {
  const text = await response.text();
  const body = JSON.parse(text) as unknown;
  const content = path === 'v1/responses' ? readResponse(body) : addChatCompletion(EMPTY_CONTENT, body);
  show(content, { raw: [JSON.stringify(body, undefined, 2)] });
}

function describeError(error: unknown): AnswerError {
  if (error instanceof ApiError) return { message: error.message, code: error.code, status: error.status };
  return { message: error instanceof TypeError ? BROKEN_OFF : (error as Error).message, code: '', status: 0 };
}
