import type { JsonObject } from '../../base/json.ts';
import type { JsonPath } from '../../base/json-path.ts';
import type { Item } from '../../conversation/item.ts';
import type { Unseal } from '../../conversation/ports/sealing.ts';
import type { CallLabels } from './call-labels.ts';
import type { Compatibility } from '../request/compatibility.ts';

/** What is known of a conversation while its items are read, from the first to the last. */
export interface Conversation {
  /** Whether a custom tool of that name goes up as a function of one text. */
  isFunction(name: string): boolean;
  readonly unseal: Unseal;
  readonly labels: CallLabels;
}

/** An item of the conversation that goes up. */
export interface Entry {
  readonly kind: string;
  readonly item: JsonObject;
  /** Where it stands in the caller's request, or what does that stands for it. */
  readonly place: JsonPath;
  /** Silent for what the request does not hold itself. */
  readonly compatibility: Compatibility;
}

/** An item under way. */
export interface Reading {
  readonly item: object;
  readonly place: JsonPath;
  readonly path: string;
  readonly compatibility: Compatibility;
  readonly conversation: Conversation;
}

export type DecodeItem = (reading: Reading) => Item[];
