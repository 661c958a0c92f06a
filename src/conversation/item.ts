import type { JsonObject } from '../base/json.ts';

/** One entry of a conversation; `path` is its path in the caller's request, for the `param` of an error. */
export type Item = MessageItem | ToolCallItem | ToolResultItem | PassthroughItem;

/** Purpose of an assistant's message: commentary on the work, or the answer. */
export type MessagePhase = 'commentary' | 'final_answer';

/**
 * A message. System messages of clients become developer messages, the only kind of instruction that the
 * app-server passes on.
 */
export interface MessageItem {
  readonly type: 'message';
  readonly role: 'developer' | 'user' | 'assistant';
  readonly parts: readonly Part[];
  readonly phase?: MessagePhase | undefined;
  readonly path: string;
}

/** Creates a message with a single text. */
export function createTextMessage(role: MessageItem['role'], text: string, path: string): MessageItem {
  return { type: 'message', role, parts: [{ type: 'text', text }], path };
}

/** A tool call that the caller is to execute. */
export interface ToolCall {
  readonly type: 'tool-call';
  /** Id by which the result refers to the call. */
  readonly callId: string;
  readonly name: string;
  /** JSON as written by the model, possibly malformed; plain text for a custom tool. */
  readonly arguments: string;
  /** True for a custom tool in the provider's own format. */
  readonly custom?: true | undefined;
  /** Namespace of a tool in the provider's own format. */
  readonly namespace?: string | undefined;
}

/** A call from an earlier turn. */
export interface ToolCallItem extends ToolCall {
  readonly path: string;
}

/** The result of a call. */
export interface ToolResultItem {
  readonly type: 'tool-result';
  readonly callId: string;
  /** True for the result of a custom tool in the provider's own format. */
  readonly custom?: true | undefined;
  readonly parts: readonly Part[];
  readonly path: string;
}

/** An item that only the provider can read, such as encrypted reasoning; sent upstream unchanged. */
export interface PassthroughItem {
  readonly type: 'passthrough';
  /** A Responses API item, without images. */
  readonly item: JsonObject;
  /** Id of this item, if it is a call. */
  readonly callId?: string | undefined;
  /** Id of the call to which this item is the result. */
  readonly resultOf?: string | undefined;
  readonly path: string;
}

export type Part = TextPart | ImagePart;

interface TextPart {
  readonly type: 'text';
  readonly text: string;
}

export interface ImagePart {
  readonly type: 'image';
  /** A `data:` or http(s) URL from the caller; always a `data:` URL after loading. */
  readonly url: string;
  readonly detail: 'auto' | 'low' | 'high' | 'original';
  /** Path of the URL in the caller's request. */
  readonly path: string;
}

/** Returns true for an image that is not fetched yet. */
export function isRemote({ url }: ImagePart): boolean {
  return !/^data:/i.test(url);
}

/** Returns the texts and images of an item that are readable for others than the provider; none for calls. */
export function partsOf(item: Item): readonly Part[] {
  return item.type === 'message' || item.type === 'tool-result' ? item.parts : [];
}

/** Returns all images of a conversation, in order. */
export function imagesOf(items: readonly Item[]): ImagePart[] {
  return items.flatMap((item) => partsOf(item).filter((part) => part.type === 'image'));
}
