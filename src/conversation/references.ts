import type { JsonObject } from '../base/json.ts';

/** What a request refers to, instead of sending it again. */
export interface References {
  /** A response that the request goes on with. */
  readonly previousId: string | undefined;
  /** A conversation that it goes on with. */
  readonly conversationId: string | undefined;
  /** Items that it names alone, and reasoning of which it sends no more than the id. */
  readonly itemIds: readonly string[];
}

/** What is behind those references: Responses API items. */
export interface ResolvedReferences {
  /** All that was said before, oldest first. */
  readonly history: readonly JsonObject[];
  /** By id; what nobody knows is missing. */
  readonly items: ReadonlyMap<string, JsonObject>;
}
