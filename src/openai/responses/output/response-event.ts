import type { JsonObject } from '../../../base/json.ts';

/** One event of a stream, as JSON: `type`, `sequence_number` from 0 on, and what belongs to the type. */
export type ResponseEvent = JsonObject & { readonly type: string; readonly sequence_number: number };

/** An event that has no number yet: it gets one when it goes out, since signs of life go out between. */
export type EventDraft = JsonObject & { readonly type: string };

/** The events of one response. */
export interface ResponseStream {
  /**
   * Ends with exactly one terminal event. Throws what fails before the first event, so that it can become an HTTP status;
   * what fails later is told by `error` and `response.failed`.
   */
  readonly events: AsyncIterable<ResponseEvent>;
  /** What shows a client that the response is alive; the first such sign begins the response. */
  heartbeat(): readonly ResponseEvent[];
}
