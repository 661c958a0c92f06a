import type { z } from 'zod';
import type { JsonObject } from '../../base/json.ts';
import type { Field, Fields } from '../request/fields.ts';

/** Everything that the gateway knows of one type of Responses items. */
export type ItemKind = DecodedKind | PassthroughKind | ProviderResultKind | CompactionKind | UnsupportedKind;

interface KnownKind {
  /** Beginning of the ids that the gateway gives to items of this type. */
  readonly idPrefix: string;
  /** Set for items that have a `status`. */
  readonly hasStatus?: true;
  /** Verdict on each field of an item. */
  readonly fields: Fields;
  readonly schema: z.ZodType;
  /** Fields that a client only sees if it asks for them: the path in the item for each value of `include`. */
  readonly includable?: Readonly<Record<string, readonly string[]>>;
}

/** Becomes an item of the neutral conversation. */
interface DecodedKind extends KnownKind {
  readonly handling: 'decoded';
  /** Set for calls, and for their results: both carry the `call_id` of the call. */
  readonly link?: 'call' | 'result';
}

/** Goes to Codex as it came, reduced to the fields that are `mapped`. */
export interface PassthroughKind extends KnownKind {
  readonly handling: 'passthrough';
  /** Set for calls, and for their results: both may carry the `call_id` of the call. */
  readonly link?: 'call' | 'result';
  /** Values that Codex requires and a client may leave out. */
  readonly defaults?: JsonObject;
}

/** The result of a tool that another provider ran. Codex has no place for it; the model reads it in a developer message. */
interface ProviderResultKind extends KnownKind {
  readonly handling: 'provider-result';
  /** Fields that hold the result. If all are empty, the whole item gets the verdict `whenEmpty`. */
  readonly resultFields: readonly string[];
  readonly whenEmpty: Field;
}

/** A summary that this gateway made and sealed; becomes a user message. */
interface CompactionKind extends KnownKind {
  readonly handling: 'compaction';
}

/** Belongs to a tool or feature that the gateway does not support; `verdict` is on the item as a whole. */
interface UnsupportedKind {
  readonly handling: 'unsupported';
  readonly verdict: Field;
}
