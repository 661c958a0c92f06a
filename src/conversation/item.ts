/** One entry of a conversation; `path` says where it stands in the caller's request, for the `param` of an error. */
export type Item = MessageItem | ToolCallItem | ToolResultItem;

/**
 * There is no system role: what a client sends as system is a developer message, the one kind of instruction that the
 * app-server passes on.
 */
export interface MessageItem {
  readonly type: 'message';
  readonly role: 'developer' | 'user' | 'assistant';
  readonly parts: readonly Part[];
  readonly path: string;
}

/** A function that the model has asked the caller to run. */
export interface ToolCallItem {
  readonly type: 'tool-call';
  readonly callId: string;
  readonly name: string;
  /** JSON, as the model wrote it. */
  readonly arguments: string;
  readonly path: string;
}

/** What came of it. */
export interface ToolResultItem {
  readonly type: 'tool-result';
  readonly callId: string;
  readonly parts: readonly Part[];
  readonly path: string;
}

export type Part = TextPart | ImagePart;

interface TextPart {
  readonly type: 'text';
  readonly text: string;
}

export interface ImagePart {
  readonly type: 'image';
  /** `data:` or http(s), as the caller sent it; always `data:` once it is loaded. */
  readonly url: string;
  readonly detail: 'auto' | 'low' | 'high' | 'original';
  /** Where its URL stands in the caller's request. */
  readonly path: string;
}

/** Whether an image is still to be fetched. */
export function isRemote({ url }: ImagePart): boolean {
  return !/^data:/i.test(url);
}

/** What an item says or shows; a call does neither. */
export function partsOf(item: Item): readonly Part[] {
  return item.type === 'tool-call' ? [] : item.parts;
}

/** Every image of a conversation, in order. */
export function imagesOf(items: readonly Item[]): ImagePart[] {
  return items.flatMap((item) => partsOf(item).filter((part) => part.type === 'image'));
}
