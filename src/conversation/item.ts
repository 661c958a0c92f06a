/**
 * One entry of a conversation. There is no system role: what a client sends as system is a developer message, the one
 * kind of instruction that the app-server passes on.
 */
export interface MessageItem {
  readonly type: 'message';
  readonly role: 'developer' | 'user' | 'assistant';
  readonly parts: readonly Part[];
  /** Where it stands in the caller's request, for the `param` of an error. */
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

export type Item = MessageItem;

/** Whether an image is still to be fetched. */
export function isRemote({ url }: ImagePart): boolean {
  return !/^data:/i.test(url);
}

/** Every image of a conversation, in order. */
export function imagesOf(items: readonly Item[]): ImagePart[] {
  return items.flatMap((item) => item.parts.filter((part) => part.type === 'image'));
}
