import type { JsonObject } from '../../../base/json.ts';
import type { EventDraft } from './response-event.ts';

export type ItemStatus = 'completed' | 'incomplete';

/** Where an item stands among all of a response. */
export interface ItemPlace {
  readonly outputIndex: number;
  /** An id for an item of that `type` there, always the same one: an answer may be told more than once. */
  createId(type: string): string;
}

/** An output item that is being written. */
export interface OpenItem {
  /** The events by which it begins. */
  open(): EventDraft[];
  /** The events that end what is in it. */
  close(): EventDraft[];
  /** The item as it stands, with everything in it. */
  encode(status: ItemStatus): JsonObject;
}
