/**
 * One entry of a conversation. There is no system role: what a client sends as system is a developer message, the one
 * kind of instruction that the app-server passes on.
 */
export interface MessageItem {
  readonly type: 'message';
  readonly role: 'developer' | 'user' | 'assistant';
  readonly parts: readonly TextPart[];
  /** Where it stands in the caller's request, for the `param` of an error. */
  readonly path: string;
}

export interface TextPart {
  readonly type: 'text';
  readonly text: string;
}

export type Item = MessageItem;
