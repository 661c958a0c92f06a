import type { JsonObject } from '../../base/json.ts';

/** Status of a response; the last four are final. */
export type ResponseStatus = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';

/** A stored answer with its request. Items and bodies have the form of the Responses API. */
export interface StoredResponse {
  readonly id: string;
  readonly status: ResponseStatus;
  /** The response object; `output` holds the items of the answer. */
  readonly body: JsonObject;
  /** Items that the request added to the conversation, each with an id; fixed by the first save. */
  readonly input: readonly JsonObject[];
  /** Id of the response that it continues. */
  readonly previousId: string | undefined;
  /** Id of the conversation that its input and output belong to. */
  readonly conversationId: string | undefined;
  /** True if it continues without its client. */
  readonly background: boolean;
  /** Unix seconds. */
  readonly createdAt: number;
  /** All events of its stream, if they were saved with `saveEvents`. */
  readonly events?: readonly JsonObject[] | undefined;
}

export interface StoredConversation {
  readonly id: string;
  readonly metadata: JsonObject;
  /** Unix seconds. */
  readonly createdAt: number;
}

/**
 * Keeps the responses and conversations of one caller beyond their requests, invisible to other callers. Data
 * is deleted in the end, starting with whatever has not been read for the longest time, directly or as part
 * of a conversation.
 */
export interface Store {
  /**
   * Rejects if nothing can be written now, for example on a full disk; does not wait for another process that
   * is writing.
   */
  checkWritable(): Promise<void>;
  /**
   * Adds or updates a response; resolves when the data would survive the end of the process. The items of a
   * completed or incomplete response are added to its conversation, if that still exists. Resolves to false,
   * without a change, if the response has ended before or is deleted.
   */
  saveResponse(response: StoredResponse): Promise<boolean>;
  /** Saves the events of a background response that has ended. */
  saveEvents(id: string, events: readonly JsonObject[]): Promise<void>;
  /** Returns a response; one whose process died has the status failed. */
  findResponse(id: string): Promise<StoredResponse | undefined>;
  /**
   * Returns a response and all responses that it continues, oldest first and without events; undefined if one
   * is missing.
   */
  findResponseChain(id: string): Promise<readonly StoredResponse[] | undefined>;
  /**
   * Deletes a response and its items, except items of a conversation. Resolves to false if it does not exist.
   */
  deleteResponse(id: string): Promise<boolean>;
  /**
   * Returns items of any response or conversation by id, in the version added last; unknown ids are omitted.
   */
  findItems(ids: readonly string[]): Promise<ReadonlyMap<string, JsonObject>>;

  saveConversation(conversation: StoredConversation): Promise<void>;
  findConversation(id: string): Promise<StoredConversation | undefined>;
  /**
   * Deletes a conversation and its items, except items of a response. Resolves to false if it does not exist.
   */
  deleteConversation(id: string): Promise<boolean>;
  /**
   * Appends items, each with an id; an item with the same id is replaced and moves to the end. Resolves to
   * false if the conversation does not exist.
   */
  addItems(conversationId: string, items: readonly JsonObject[]): Promise<boolean>;
  /** Returns the items, oldest first. */
  listItems(conversationId: string): Promise<readonly JsonObject[]>;
  /** Resolves to false if the item does not exist. */
  deleteItem(conversationId: string, itemId: string): Promise<boolean>;
}
