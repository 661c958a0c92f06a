import { GatewayError } from '../../../base/errors.ts';
import { excerpt } from '../../../base/excerpt.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { ResponseStatus, StoredResponse } from '../../../conversation/ports/store.ts';
import type { Retrieval } from '../request/decode-retrieval.ts';
import type { EventDraft, ResponseEvent, ResponseStream } from '../output/response-event.ts';
import { applyIncludeToResponse } from '../../items/apply-include.ts';

type Wanted = Pick<Retrieval, 'startingAfter' | 'include'>;

/** The events of a response after the one that its client has: as they come, or as they were. Throws where nobody knows them. */
export function replayResponse(
  stored: StoredResponse,
  live: AsyncIterable<ResponseEvent> | undefined,
  wanted: Wanted,
): ResponseStream {
  const kept = stored.events as readonly ResponseEvent[] | undefined;
  const events = live ?? kept ?? tellEnd(stored, wanted);
  return { events: after(events, wanted.startingAfter), heartbeat: () => [] };
}

async function* after(
  events: AsyncIterable<ResponseEvent> | Iterable<ResponseEvent>,
  startingAfter: number,
): AsyncGenerator<ResponseEvent> {
  for await (const event of events) if (event.sequence_number > startingAfter) yield event;
}

/** The process of one that has failed may have died with the events, and another may have cancelled it: its end alone is told. */
function tellEnd(stored: StoredResponse, { startingAfter, include }: Wanted): ResponseEvent[] {
  const response = applyIncludeToResponse(stored.body, include);
  const end = stored.background ? endOf(stored.status, response) : undefined;
  if (end === undefined) throw noEvents(stored);
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

/** Undefined for an end that says more than it does by itself. */
function endOf(status: ResponseStatus, response: JsonObject): EventDraft[] | undefined {
  if (status === 'cancelled') return [{ type: 'response.incomplete', response }];
  if (status !== 'failed') return undefined;
  const { error } = response as { error: JsonObject };
  return [
    { ...error, type: 'error', error },
    { type: 'response.failed', response },
  ];
}

function noEvents({ id }: StoredResponse): GatewayError {
  return new GatewayError(
    'unsupported_value',
    `The events of '${excerpt(id)}' are not kept: only those of a response that was created with background=true are. Ask without 'stream'.`,
    { param: 'stream' },
  );
}
