import type { JsonObject } from '../../../base/json.ts';
import type { EventDraft } from '../output/response-event.ts';
import type { ResponseAnswer, ResponseOptions } from './response-options.ts';
import { createProgress, writeAnswer, writeFailure } from './write-response.ts';

/** An answer as one `response` object. */
export interface CollectedResponse {
  /** Rejects if the answer fails. */
  readonly body: Promise<JsonObject>;
  /** Returns the failed response, for a client that already has the HTTP status of success. */
  fail(error: unknown): Promise<JsonObject>;
}

/** Collects an answer, which may still have to begin, in the response that its client gets. */
export function collectResponse(
  answer: Promise<ResponseAnswer>,
  options: ResponseOptions,
): CollectedResponse {
  const progress = createProgress(options);

  async function collect(): Promise<JsonObject> {
    progress.answer = await answer;
    let last: EventDraft | undefined;
    for await (const events of writeAnswer(progress.answer, progress)) last = events.at(-1);
    return responseOf(last);
  }

  return {
    body: collect(),
    fail: async (error) => responseOf((await writeFailure(error, progress)).at(-1)),
  };
}

function responseOf(event: EventDraft | undefined): JsonObject {
  return event?.response as JsonObject;
}
