import type { JsonObject } from '../base/json.ts';

/** Stored data to which a request refers. */
export interface References {
  /** Id of the response that the request continues. */
  readonly previousId: string | undefined;
  /** Id of the conversation that the request continues. */
  readonly conversationId: string | undefined;
  /** Ids of items, and of reasoning that the request includes only by id. */
  readonly itemIds: readonly string[];
}

/** The referenced data, as Responses API items. */
export interface ResolvedReferences {
  /** All earlier items, oldest first. */
  readonly history: readonly JsonObject[];
  /** Items by id, without unknown ones. */
  readonly items: ReadonlyMap<string, JsonObject>;
}
