import { ClientGoneError } from '../../../base/errors.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { ResponseStatus } from '../../../conversation/ports/store.ts';
import type { StopReason, TurnEnd } from '../../../conversation/turn-event.ts';
import { applyIncludeToResponse } from '../../items/apply-include.ts';
import { limitSize } from '../../vocabulary/limit-size.ts';
import type { EventDraft } from '../output/response-event.ts';
import {
  closeItem,
  createResponseOutput,
  outputItems,
  writeOutput,
  type ResponseOutput,
} from '../output/response-output.ts';
import { encodeErrorEvent, encodeResponseError } from './encode-error.ts';
import { encodeResponse, type ResponseState } from './encode-response.ts';
import type { ResponseAnswer, ResponseOptions } from './response-options.ts';

// The order of the events of a response:
//
//   response.created, response.in_progress     at the first event of the answer, or at an earlier heartbeat
//   the events of its output                   in the order of ../output/response-output.ts
//   response.completed or response.incomplete
//
// A background response begins with response.created and response.queued; response.in_progress follows when its turn runs.
// A failure ends it with error and response.failed, unless nothing was written yet: then it is thrown. A response that is
// cancelled, or whose client is gone, ends with response.incomplete.

/** The reason for aborting a background response that its client cancels: as with one that leaves, not a failure. */
export class ResponseCancelledError extends ClientGoneError {
  override readonly name = 'ResponseCancelledError';

  constructor() {
    super('The response was cancelled.');
  }
}

/** A response while it is written. */
export interface ResponseProgress {
  readonly options: ResponseOptions;
  readonly output: ResponseOutput;
  /** Set when the turn runs. */
  answer: ResponseAnswer | undefined;
  /** True once `response.created` was written. */
  hasBegun: boolean;
}

export function createProgress(options: ResponseOptions): ResponseProgress {
  const { envelope, presentation } = options;
  const output = createResponseOutput({ responseId: envelope.id, ...presentation });
  return { options, output, answer: undefined, hasBegun: false };
}

/** Events that are written at the same time. */
type DraftBatch = readonly EventDraft[];

/** Writes a response from its first event to its last. */
export async function* writeResponse(
  answer: Promise<ResponseAnswer>,
  progress: ResponseProgress,
): AsyncGenerator<DraftBatch> {
  const { background } = progress.options.presentation;
  try {
    if (background) yield await writeQueued(progress);
    progress.answer = await answer;
    if (background) yield [await encodeStatus('response.in_progress', progress, { status: 'in_progress' })];
    for await (const events of writeAnswer(progress.answer, progress)) {
      yield progress.hasBegun ? events : [...writeBeginning(progress), ...events];
    }
  } catch (error) {
    if (!progress.hasBegun) throw error;
    yield await writeFailure(error, progress);
  }
}

/** Writes the first two events, unless they were written before. */
export function writeBeginning(progress: ResponseProgress): EventDraft[] {
  if (progress.hasBegun) return [];
  progress.hasBegun = true;
  const response = encodeResponse(progress.options, { status: 'in_progress', answer: progress.answer });
  return ['response.created', 'response.in_progress'].map((type) => ({ type, response }));
}

async function writeQueued(progress: ResponseProgress): Promise<DraftBatch> {
  const queued = await encodeStatus('response.queued', progress, { status: 'queued' });
  progress.hasBegun = true;
  return [{ type: 'response.created', response: queued.response }, queued];
}

interface Ending {
  readonly status: 'completed' | 'incomplete';
  /** Set if the response is incomplete. */
  readonly reason?: string;
}

const ENDINGS: Readonly<Record<StopReason, Ending>> = {
  stop: { status: 'completed' },
  'tool-calls': { status: 'completed' },
  length: { status: 'incomplete', reason: 'max_output_tokens' },
  'content-filter': { status: 'incomplete', reason: 'content_filter' },
};

/** Writes the events of the output, and the terminal event. */
export async function* writeAnswer(
  answer: ResponseAnswer,
  progress: ResponseProgress,
): AsyncGenerator<DraftBatch> {
  const { output } = progress;
  // The size is limited in a stream, too, because the terminal event repeats all items.
  const checkSize = limitSize('ask for a shorter one');
  let end: TurnEnd | undefined;
  for await (const { events } of answer.events) {
    checkSize(events);
    const written = events.flatMap((event) => writeOutput(output, event));
    if (written.length > 0) yield written;
    const last = events.at(-1);
    if (last?.type === 'turn-end') end = last;
  }
  if (end === undefined) throw new Error('the turn ended without a turn-end event');
  const ending = ENDINGS[end.reason];
  const closing = closeItem(output, ending.status);
  if (closing.length > 0) yield closing;
  yield [await encodeStatus(`response.${ending.status}`, progress, { ...ending, usage: end.usage })];
}

/** Writes the last events of a response that is cancelled or fails. */
export async function writeFailure(error: unknown, progress: ResponseProgress): Promise<DraftBatch> {
  if (error instanceof ClientGoneError) {
    const closing = closeItem(progress.output, 'incomplete');
    // OpenAI has no event for it. This one is also that of an answer that was cut, which no client takes for a failure.
    const end = await encodeLastStatus('response.incomplete', progress, { status: 'cancelled' });
    // Nothing is read any more if the client is gone, so the response is stored before the first of these is written.
    return [...closing, end];
  }
  progress.options.onFailure?.(error);
  const state = { status: 'failed', error: encodeResponseError(error) } as const;
  const end = await encodeLastStatus('response.failed', progress, state);
  // Some clients recognize a failure by the one, some by the other.
  return [encodeErrorEvent(error), end];
}

type Status = Omit<ResponseState, 'answer' | 'output'> & { readonly status: ResponseStatus };

/** Encodes the event that reports a status, after the response was stored with it. */
async function encodeStatus(type: string, progress: ResponseProgress, status: Status): Promise<EventDraft> {
  const response = encodeProgress(progress, status);
  const sent = (await progress.options.onStatus?.(response)) ?? response;
  return encodeStatusEvent(type, progress, sent);
}

/** Encodes the event of a failure, which the client gets even if the response cannot be stored. */
async function encodeLastStatus(
  type: string,
  progress: ResponseProgress,
  status: Status,
): Promise<EventDraft> {
  const { options } = progress;
  const response = encodeProgress(progress, status);
  try {
    await options.onStatus?.(response);
  } catch (error) {
    options.onFailure?.(error);
  }
  return encodeStatusEvent(type, progress, response);
}

/** Encodes the whole response as far as it is written, complete with what `include` hides. */
function encodeProgress({ options, output, answer }: ResponseProgress, status: Status): JsonObject {
  return encodeResponse(options, { ...status, answer, output: outputItems(output) });
}

function encodeStatusEvent(type: string, { options }: ResponseProgress, response: JsonObject): EventDraft {
  return { type, response: applyIncludeToResponse(response, options.presentation.include) };
}
