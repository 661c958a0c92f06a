import type { EventLog } from './events/event-log.ts';
import type { SessionMessage } from './events/shapes.ts';

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
      events.announce(message.role === 'assistant' ? 'session.message' : 'session.updated');
      return message;
    },
    remove(id) {
      const index = messages.findIndex((message) => message.id === id);
      return index === -1 ? undefined : messages.splice(index, 1)[0];
    },
  };
}
