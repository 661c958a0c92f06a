import type { MessageAttachment } from './attachments/attachment.ts';
import type { EventLog } from './events/event-log.ts';

export interface SessionMessage {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly attachments?: readonly MessageAttachment[];
  readonly turn_id: string | null;
  /** Unix milliseconds. */
  readonly created_at: number;
}

/** The messages of one session, oldest first. */
export interface MessageList {
  list(): readonly SessionMessage[];
  add(message: Omit<SessionMessage, 'id' | 'created_at'>): SessionMessage;
  /** Returns the message, or undefined if there is none. */
  remove(id: string): SessionMessage | undefined;
}

export function createMessageList(events: EventLog): MessageList {
  const messages: SessionMessage[] = [];
  return {
    list: () => messages,
    add(given) {
      const message = { id: crypto.randomUUID(), created_at: Date.now(), ...given };
      const { turn_id: turnId } = message;
      messages.push(message);
      events.add('message.added', { ...(turnId !== null && { turn_id: turnId }), message });
      events.announce('session.message');
      return message;
    },
    remove(id) {
      const index = messages.findIndex((message) => message.id === id);
      return index === -1 ? undefined : messages.splice(index, 1)[0];
    },
  };
}
