import { NEVER_ABORTED } from '../../../base/async/abort.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { Store } from '../../../conversation/ports/store.ts';
import { createBackgroundJobs } from '../../../gateway/state/background-jobs.ts';
import type { IdempotencyKeys, KeyedRequest } from '../../../gateway/state/idempotency-keys.ts';
import { cancelAll, type Reservation } from '../../../gateway/turn/admission.ts';
import { isUnderWay } from '../../../gateway/state/response-history.ts';
import type { UnsavedResponses } from '../../../gateway/state/unsaved-responses.ts';
import type { ResponseEvent } from '../../../openai/responses/output/response-event.ts';
import { ResponseCancelledError } from '../../../openai/responses/response/write-response.ts';
import type { ResponseEnvelope } from '../../../openai/responses/response/response-options.ts';
import type { RequestRecord } from '../../requests/request-record.ts';
import type { PreparedResponse, RunningResponse, SaveResponse } from './prepare-response.ts';

/** Responses that go on after their client has left. */
export interface BackgroundResponses {
  /**
   * Starts a response, unless the same `Idempotency-Key` has started it before. Resolves to its id once it is stored;
   * `record` becomes its line in the log when it has ended.
   */
  start(
    prepared: PreparedResponse,
    idempotency: KeyedRequest | undefined,
    record: RequestRecord,
  ): Promise<string>;
  /** Returns all events of a running response in batches, from the first; undefined for any other id. */
  read(id: string, signal: AbortSignal): AsyncIterable<readonly ResponseEvent[]> | undefined;
  /** Cancels a running response and resolves when it has ended; does nothing for any other id. */
  cancel(id: string): Promise<void>;
  /** Number of running responses. */
  readonly count: number;
  /** Ends all of them with the reason. */
  stop(reason: Error): Promise<void>;
}

export function createBackgroundResponses(
  unsaved: UnsavedResponses | undefined,
  keys: IdempotencyKeys,
): BackgroundResponses {
  const background = createBackgroundJobs<readonly ResponseEvent[]>();

  const untilStored = (id: string) => firstEvent(background.read(id, NEVER_ABORTED));

  function run(
    prepared: PreparedResponse,
    head: ResponseEnvelope,
    { record, reservations, onEnd }: RunOptions,
  ): void {
    background.start(head.id, (signal) => {
      record.note({ response: head.id, background: true });
      record.noteNotices(prepared.compatibility, prepared.paramNames);
      const save = saveOrHold(prepared.save, unsaved, record.fail);
      const running = startOnceSaved(prepared, head, { save, record, reservations, signal });
      return collectEvents(prepared.encodeStream(running).events, async (events) => {
        await saveEvents(unsaved?.store, head.id, events).catch(record.fail);
        record.endResponse(String(lastStatus(events)));
        onEnd(lastStatus(events));
      });
    });
  }

  return {
    async start(prepared, idempotency, record) {
      const earlier = idempotency && keys.find<ResponseEnvelope>(idempotency);
      if (earlier !== undefined) {
        await untilStored(earlier.id);
        return earlier.id;
      }
      // Before anything is stored, so that a full queue is an error and not a response that fails.
      const reservations = prepared.reserve();
      const head = prepared.createHead();
      if (idempotency) keys.hold(idempotency, head);
      const onEnd = (status: unknown) => idempotency && endKey(keys, idempotency.key, head, status);
      run(prepared, head, { record, reservations, onEnd });
      try {
        await untilStored(head.id);
      } catch (error) {
        cancelAll(reservations);
        // No such response exists, so the same request may try again.
        if (idempotency) keys.forget(idempotency.key, head);
        throw error;
      }
      return head.id;
    },
    read: background.read,
    async cancel(id) {
      await background.cancel(id, new ResponseCancelledError());
    },
    get count() {
      return background.count;
    },
    stop: background.stop,
  };
}

interface RunOptions {
  readonly record: RequestRecord;
  readonly reservations: readonly Reservation[];
  readonly onEnd: (status: unknown) => void;
}

/** Resolves at the first event, which is sent once the response is stored; rejects if it could not be. */
async function firstEvent(events: AsyncIterable<unknown> | undefined): Promise<void> {
  for await (const _first of events ?? []) return;
}

/** Returns a `save` that holds an end that cannot be stored, so that a later request for the response still finds it. */
function saveOrHold(
  save: SaveResponse,
  unsaved: UnsavedResponses | undefined,
  onFailure: (error: unknown) => void,
): SaveResponse {
  return async (response) => {
    try {
      await save(response);
    } catch (error) {
      if (unsaved === undefined || isUnderWay(response)) throw error;
      unsaved.hold(response);
      onFailure(error);
    }
  };
}

/** Saves the events, unless another process has ended the response differently in the meantime. */
async function saveEvents(
  store: Store | undefined,
  id: string,
  events: readonly ResponseEvent[],
): Promise<void> {
  if ((await store?.findResponse(id))?.status === lastStatus(events)) await store?.saveEvents(id, events);
}

/** Size of an answer that is kept as its head alone, and counts for nothing. */
const HEAD_SIZE = 0;

/** Keeps the key of a successful response for a while, and frees that of any other. */
function endKey(keys: IdempotencyKeys, key: string, head: ResponseEnvelope, status: unknown): void {
  if (status === 'completed' || status === 'incomplete') keys.keep(key, head, HEAD_SIZE);
  else keys.forget(key, head);
}

interface StartOptions extends Pick<RunOptions, 'record' | 'reservations'> {
  readonly save: SaveResponse;
  readonly signal: AbortSignal;
}

/** Asks the model only once the response is saved: on a full disk, nothing may run whose answer cannot be fetched. */
function startOnceSaved(
  prepared: PreparedResponse,
  head: ResponseEnvelope,
  { save, record, reservations, signal }: StartOptions,
): RunningResponse {
  const saved = Promise.withResolvers<void>();
  return {
    head,
    answer: saved.promise.then(async () => await record.watch(prepared.start(signal, { reservations }))),
    onFailure: record.fail,
    async saveState(response) {
      await save(response);
      saved.resolve();
    },
  };
}

/** Returns the status of the response in the last event. */
function lastStatus(events: readonly ResponseEvent[]): unknown {
  return (events.at(-1)?.response as JsonObject | undefined)?.status;
}

/** Passes the events on and calls `onEnd` with all of them when they have ended. */
async function* collectEvents(
  batches: AsyncIterable<readonly ResponseEvent[]>,
  onEnd: (events: readonly ResponseEvent[]) => Promise<void>,
): AsyncGenerator<readonly ResponseEvent[]> {
  const all: ResponseEvent[] = [];
  for await (const events of batches) {
    for (const event of events) all.push(event);
    yield events;
  }
  await onEnd(all);
}
