import type { JsonObject } from '../../../base/json.ts';
import { createOutputWriter } from '../output/output-writer.ts';
import type { EventDraft } from '../output/response-event.ts';
import type { ResponseOptions, ResponseWriting } from './response-writing.ts';
import { writeAnswer } from './write-answer.ts';
import { writeFailure } from './write-failure.ts';

/** An answer as one `response` object. */
export interface CollectedResponse {
  /** Rejects with what fails. */
  readonly body: Promise<JsonObject>;
  /** The response that has failed so, for a client that no HTTP status can tell any more. */
  fail(error: unknown): Promise<JsonObject>;
}

/** Collects an answer into the object that its client gets. */
export function collectResponse(
  answer: Promise<ResponseWriting>,
  options: ResponseOptions,
): CollectedResponse {
  const output = createOutputWriter({ responseId: options.envelope.id, ...options.style });
  let writing: ResponseWriting | undefined;

  async function collect(): Promise<JsonObject> {
    writing = await answer;
    return await lastResponse(writeAnswer(writing, output, options));
  }

  return {
    body: collect(),
    fail: async (error) => await lastResponse(writeFailure(error, { writing, output, options })),
  };
}

async function lastResponse(events: AsyncIterable<EventDraft>): Promise<JsonObject> {
  let last: EventDraft | undefined;
  for await (const event of events) last = event;
  return last?.response as JsonObject;
}
