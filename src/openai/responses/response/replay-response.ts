import { GatewayError } from '../../../base/errors.ts';
import { excerpt } from '../../../base/excerpt.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { ResponseStatus, StoredResponse } from '../../../conversation/ports/store.ts';
import { applyIncludeToResponse } from '../../items/apply-include.ts';
import type { EventDraft, ResponseEvent, ResponseStream } from '../output/response-event.ts';
import type { Retrieval } from '../request/decode-retrieval.ts';

type ReplayOptions = Pick<Retrieval, 'startingAfter' | 'include'>;

/**
 * Streams the events of a stored response after the last one that its client has.
 *
 * @param live The events of a response that is still running, from its first.
 * @throws If no events are known.
 */
export function replayResponse(
  stored: StoredResponse,
  live: AsyncIterable<readonly ResponseEvent[]> | undefined,
  options: ReplayOptions,
): ResponseStream {
  const storedEvents = stored.events as readonly ResponseEvent[] | undefined;
  const events = live ?? inBatches(storedEvents ?? reconstructEvents(stored, options));
  return { events: eventsAfter(events, options.startingAfter), heartbeat: () => [] };
}

async function* eventsAfter(
  batches: AsyncIterable<readonly ResponseEvent[]> | Iterable<readonly ResponseEvent[]>,
  startingAfter: number,
): AsyncGenerator<readonly ResponseEvent[]> {
  for await (const batch of batches) {
    const events = batch.filter(({ sequence_number: number }) => number > startingAfter);
    if (events.length > 0) yield events;
  }
}

/** Splits the events: a whole answer in one batch would be encoded at once, while all other work waits. */
function* inBatches(events: readonly ResponseEvent[]): Generator<readonly ResponseEvent[]> {
  for (let start = 0; start < events.length; start += MAX_BATCH) yield events.slice(start, start + MAX_BATCH);
}

const MAX_BATCH = 100;

/**
 * Returns the first and last events of a background response that failed or was cancelled. Its other events may be lost: with
 * the process that wrote it, or because another process cancelled it.
 */
function reconstructEvents(
  stored: StoredResponse,
  { startingAfter, include }: ReplayOptions,
): ResponseEvent[] {
  const response = applyIncludeToResponse(stored.body, include);
  const end = stored.background ? endEvents(stored.status, response) : undefined;
  if (end === undefined) throw eventsNotStored(stored);
  const begun = { ...response, status: 'in_progress', error: null };
  const beginning = [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
  ];
  return [...(startingAfter < 0 ? beginning : []), ...end].map(({ type, ...event }, index) => ({
    type,
    sequence_number: startingAfter + 1 + index,
    ...event,
  }));
}

/** Returns undefined for a status whose last event alone would not say everything. */
function endEvents(status: ResponseStatus, response: JsonObject): EventDraft[] | undefined {
  if (status === 'cancelled') return [{ type: 'response.incomplete', response }];
  if (status !== 'failed') return undefined;
  const { error } = response as { error: JsonObject };
  return [
    { ...error, type: 'error', error },
    { type: 'response.failed', response },
  ];
}

function eventsNotStored({ id }: StoredResponse): GatewayError {
  return new GatewayError(
    'unsupported_value',
    `The events of '${excerpt(id)}' are not stored: only those of a response created with background=true are. Send the request without 'stream'.`,
    { param: 'stream' },
  );
}
