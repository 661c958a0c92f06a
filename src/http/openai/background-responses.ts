import type { JsonObject } from '../../base/json.ts';
import type { StoredResponse } from '../../conversation/ports/store.ts';
import { createBackground } from '../../gateway/state/background.ts';
import type { IdempotencyKeys, KeyedRequest } from '../../gateway/state/idempotency-keys.ts';
import { isUnderWay } from '../../gateway/state/memory.ts';
import type { UnsavedResponses } from '../../gateway/state/unsaved-responses.ts';
import { ResponseCancelledError } from '../../openai/responses/response/response-cancelled.ts';
import type { ResponseEnvelope } from '../../openai/responses/response/response-writing.ts';
import type { ResponseEvent } from '../../openai/responses/output/response-event.ts';
import type { RequestRecord } from '../requests/request-record.ts';
import type { PreparedResponse } from './responder.ts';

/** Responses that go on without the client that asked for them. */
export interface BackgroundResponses {
  /**
   * Begins to answer, unless the same request is being answered or was of late: `again` tells. Resolves to the id of the
   * response, which can be found by then; `record` becomes its line in the log when it has ended.
   */
  start(prepared: PreparedResponse, again: KeyedRequest | undefined, record: RequestRecord): Promise<string>;
  /** Every event of a response that has not ended, from the first; undefined for others. */
  read(id: string, signal: AbortSignal): AsyncIterable<ResponseEvent> | undefined;
  /** Resolves when a response that has not ended has done so. */
  cancel(id: string): Promise<void>;
  readonly count: number;
  /** Ends all of them with the reason. */
  stop(reason: Error): Promise<void>;
}

interface Beginning {
  readonly head: ResponseEnvelope;
  readonly record: RequestRecord;
  readonly signal: AbortSignal;
  readonly unsaved: UnsavedResponses | undefined;
}

export function createBackgroundResponses(
  unsaved: UnsavedResponses | undefined,
  keys: IdempotencyKeys,
): BackgroundResponses {
  const store = unsaved?.store;
  const background = createBackground<ResponseEvent>();

  /** Those of a response that another process has ended in the meantime tell of an end that it did not have. */
  async function keep(id: string, events: readonly ResponseEvent[]): Promise<void> {
    if ((await store?.findResponse(id))?.status === endOf(events)) await store?.saveEvents(id, events);
  }

  /** Its first event tells of a response that is kept. */
  async function begun(id: string): Promise<void> {
    const events = background.read(id, new AbortController().signal) ?? [];
    for await (const _first of events) return;
  }

  /** A good answer is known by its key for a while yet. */
  function letGo(key: string, head: ResponseEnvelope, status: unknown): void {
    if (status === 'completed' || status === 'incomplete') keys.keep(key, head, 0);
    else keys.forget(key, head);
  }

  return {
    async start(prepared, again, record) {
      const before = again && keys.find<ResponseEnvelope>(again);
      if (before !== undefined) {
        await begun(before.id);
        return before.id;
      }
      const head = prepared.createHead();
      const { id } = head;
      if (again) keys.hold(again, head);
      background.run(id, (signal) => {
        record.note({ response: id, background: true });
        record.noteNotices(prepared.compatibility, prepared.partNames);
        const { events } = tell(prepared, { head, record, signal, unsaved }).stream(record.fail);
        return collect(events, async (all) => {
          // It has ended by now, whether its events can be kept or not.
          await keep(id, all).catch(record.fail);
          record.endResponse(String(endOf(all)));
          if (again) letGo(again.key, head, endOf(all));
        });
      });
      try {
        await begun(id);
      } catch (error) {
        // There is no such response: the same request, sent again, is another try.
        if (again) keys.forget(again.key, head);
        throw error;
      }
      return id;
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

/** Asks the model once the response is stored: on a full disk, nothing must run whose answer nobody can get. */
function tell(prepared: PreparedResponse, { head, record, signal, unsaved }: Beginning) {
  const stored = Promise.withResolvers<void>();
  const answer = stored.promise.then(async () => await record.watch(prepared.start(signal)));
  return prepared.tell(head, answer, async (response: StoredResponse) => {
    try {
      await prepared.save(response);
      stored.resolve();
    } catch (error) {
      if (unsaved === undefined || isUnderWay(response)) throw error;
      // A later request for the response gets it from there.
      unsaved.hold(response);
      record.fail(error);
    }
  });
}

/** The status with which a response has ended. */
function endOf(events: readonly ResponseEvent[]): unknown {
  return (events.at(-1)?.response as JsonObject | undefined)?.status;
}

/** Passes the events on, and hands all of them over once they have ended. */
async function* collect(
  events: AsyncIterable<ResponseEvent>,
  save: (events: readonly ResponseEvent[]) => Promise<void>,
): AsyncGenerator<ResponseEvent> {
  const all: ResponseEvent[] = [];
  for await (const event of events) {
    all.push(event);
    yield event;
  }
  await save(all);
}
