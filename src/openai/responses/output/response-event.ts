import type { JsonObject } from '../../../base/json.ts';

/** One event of a stream, as JSON: its `type`, its `sequence_number` from 0 on, and the fields of the type. */
export type ResponseEvent = JsonObject & { readonly type: string; readonly sequence_number: number };

/** An event before it is sent. It gets its number when it is sent, because heartbeats go out between events. */
export type EventDraft = JsonObject & { readonly type: string };

/** The events of one response. */
export interface ResponseStream {
  /**
   * Batches of events that are sent together. The last event is the only terminal one. A failure before the first event is thrown, so that it can become an HTTP status; a
   * later one is reported by the events `error` and `response.failed`.
   */
  readonly events: AsyncIterable<readonly ResponseEvent[]>;
  /** Returns events that show a client that the response is alive; the first ones begin the response. */
  heartbeat(): readonly ResponseEvent[];
}

export type ItemStatus = 'completed' | 'incomplete';

/** The place of an item in the output of a response. */
export interface OutputSlot {
  readonly outputIndex: number;
  /** Returns an id for an item of a type at this place. It is always the same, because an answer may be encoded twice. */
  createId(type: string): string;
}

/** An item that the model produces in one piece. */
export interface WholeItem {
  /** The item as it begins. */
  readonly begun: JsonObject;
  /** The events between its beginning and its end. */
  readonly events: readonly EventDraft[];
  readonly done: JsonObject;
}
