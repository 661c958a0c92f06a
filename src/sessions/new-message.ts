import type { JsonObject } from '../base/json.ts';
import { showAttachment } from './attachments/attachment.ts';
import type { MessageAttachment, SessionMessage } from './events/shapes.ts';
import { newMessage } from './message-list.ts';
import type { SentKey } from './sent-keys.ts';

/** A message as a client sends it. */
export interface NewMessage {
  readonly text: string;
  readonly attachments?: readonly MessageAttachment[] | undefined;
  /** Says what becomes of it while a turn runs or waits; by default it is refused. */
  readonly mode?: 'queue' | 'steer' | 'reject' | undefined;
  /** The context of the host application from now on. */
  readonly context?: JsonObject | undefined;
  /** True for a turn that only makes a plan. */
  readonly isPlan?: boolean | undefined;
  /** A message with the same key is accepted once. */
  readonly sent?: SentKey | undefined;
}

/** A turn that was accepted. */
export interface SentTurn {
  readonly turnId: string;
  /** The message that asked for it or was added to it. */
  readonly messageId: string | null;
  /** 1 for the next turn to start; 0 for one that runs or has ended. */
  readonly queuePosition: number;
}

/** Returns the message as the session keeps it. */
export function userMessage({ text, attachments }: NewMessage, turnId: string): SessionMessage {
  const shown = attachments && { attachments: attachments.map(showAttachment) };
  return newMessage({ role: 'user', text, turn_id: turnId, ...shown });
}
