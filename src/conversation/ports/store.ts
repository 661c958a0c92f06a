import type { JsonObject } from '../../base/json.ts';

/** How far a response has come; the last four are its end. */
export type ResponseStatus = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';

/** An answer that can be asked for again, with what it answers. Items and bodies are the Responses API's own. */
export interface StoredResponse {
  readonly id: string;
  readonly status: ResponseStatus;
  /** The response object, with everything in it that may be asked for later: `output` is the answer's items. */
  readonly body: JsonObject;
  /** What its request added to the conversation, each item with an id; it stays as it was when first saved. */
  readonly input: readonly JsonObject[];
  /** The response whose conversation it goes on with. */
  readonly previousId: string | undefined;
  /** The conversation to which its input and output belong. */
  readonly conversationId: string | undefined;
  /** Whether it goes on without its client. */
  readonly background: boolean;
  /** Unix seconds. */
  readonly createdAt: number;
  /** Every event of its stream, where `saveEvents` has kept them. */
  readonly events?: readonly JsonObject[] | undefined;
}

export interface StoredConversation {
  readonly id: string;
  readonly metadata: JsonObject;
  /** Unix seconds. */
  readonly createdAt: number;
}

/**
 * The port behind which one caller's responses and conversations outlive their requests. Nobody else sees them. They do
 * not stay for ever: those go first that were not found for longest, by themselves, in a thread or for an item.
 */
export interface Store {
  /** Rejects where nothing can be written now, as on a full disk; does not wait for another process that writes. */
  checkWritable(): Promise<void>;
  /**
   * Adds a response, or takes one further; resolves when it would survive the end of this process. When it is completed
   * or incomplete, its items go to its conversation, too, where that is still there. Resolves to false, and changes
   * nothing, where it has ended already or is deleted.
   */
  saveResponse(response: StoredResponse): Promise<boolean>;
  /** Of a response that ran in the background and has ended. */
  saveEvents(id: string, events: readonly JsonObject[]): Promise<void>;
  /** One whose process has died on the way comes as failed. */
  findResponse(id: string): Promise<StoredResponse | undefined>;
  /** A response and all that it goes on with, oldest first, without events; undefined where one of them is gone. */
  findResponseChain(id: string): Promise<readonly StoredResponse[] | undefined>;
  /** With its items, but for those of a conversation. Resolves to false where there was none. */
  deleteResponse(id: string): Promise<boolean>;
  /** Items of any response or conversation, by id, as last added; those that nobody knows are missing. */
  findItems(ids: readonly string[]): Promise<ReadonlyMap<string, JsonObject>>;

  saveConversation(conversation: StoredConversation): Promise<void>;
  findConversation(id: string): Promise<StoredConversation | undefined>;
  /** With its items, but for those of a response. Resolves to false where there was none. */
  deleteConversation(id: string): Promise<boolean>;
  /**
   * Each has an id; one that is there already gives way to the new one, at the end. Resolves to false where there is no
   * such conversation.
   */
  addItems(conversationId: string, items: readonly JsonObject[]): Promise<boolean>;
  /** Oldest first. */
  listItems(conversationId: string): Promise<readonly JsonObject[]>;
  /** Resolves to false where there was none. */
  deleteItem(conversationId: string, itemId: string): Promise<boolean>;
}
