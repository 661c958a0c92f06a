import type { JsonObject } from '../base/json.ts';

/** One entry of a conversation; `path` says where it stands in the caller's request, for the `param` of an error. */
export type Item = MessageItem | ToolCallItem | ToolResultItem | PassthroughItem;

/** What an assistant's message was: talk of the work, or the answer. */
export type MessagePhase = 'commentary' | 'final_answer';

/**
 * There is no system role: what a client sends as system is a developer message, the one kind of instruction that the
 * app-server passes on.
 */
export interface MessageItem {
  readonly type: 'message';
  readonly role: 'developer' | 'user' | 'assistant';
  readonly parts: readonly Part[];
  readonly phase?: MessagePhase | undefined;
  readonly path: string;
}

/** Creates a message of one text. */
export function createTextMessage(role: MessageItem['role'], text: string, path: string): MessageItem {
  return { type: 'message', role, parts: [{ type: 'text', text }], path };
}

/** A tool that the model asks the caller to run. */
export interface ToolCall {
  readonly type: 'tool-call';
  /** By which the caller's result refers to it. */
  readonly callId: string;
  readonly name: string;
  /** JSON as the model wrote it, which may be malformed; of a custom tool, the text alone. */
  readonly arguments: string;
  /** Whether the tool is a custom one, in the provider's own form. */
  readonly custom?: true | undefined;
  /** The group of tools to which a tool in the provider's own form belongs. */
  readonly namespace?: string | undefined;
}

/** One that was made before. */
export interface ToolCallItem extends ToolCall {
  readonly path: string;
}

/** What came of it. */
export interface ToolResultItem {
  readonly type: 'tool-result';
  readonly callId: string;
  /** Whether it is the result of a custom tool, in the provider's own form. */
  readonly custom?: true | undefined;
  readonly parts: readonly Part[];
  readonly path: string;
}

/** What only the provider can read, such as reasoning that it has sealed: it goes up as it stands. */
export interface PassthroughItem {
  readonly type: 'passthrough';
  /** A Responses API item, without images. */
  readonly item: JsonObject;
  /** The id of this call, if it is a call. */
  readonly callId?: string | undefined;
  /** The id of the call of which this is the result. */
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

/** What an item says or shows, as far as anyone but the provider can read it; a call does neither. */
export function partsOf(item: Item): readonly Part[] {
  return item.type === 'message' || item.type === 'tool-result' ? item.parts : [];
}

/** Every image of a conversation, in order. */
export function imagesOf(items: readonly Item[]): ImagePart[] {
  return items.flatMap((item) => partsOf(item).filter((part) => part.type === 'image'));
}
