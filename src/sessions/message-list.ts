import { GatewayError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import type { MessagePageQuery } from '../conversation/ports/session-store.ts';
import type { EventLog } from './events/event-log.ts';
import type { SessionMessage } from './events/shapes.ts';
import type { SessionWriter } from './session-writer.ts';

/** A message with what only the gateway sees of it. */
export interface KeptMessage {
  readonly message: SessionMessage;
  /** The caller's key for the message, and a digest of the request that had it. */
  readonly key?: string | undefined;
  readonly digest?: string | undefined;
}

/** The last messages of one session, oldest first. */
export interface MessageList {
  list(): readonly SessionMessage[];
  /** Reads messages from the store, where older ones are. Rejects for an unknown id. */
  page(query: MessagePageQuery): Promise<MessagePage>;
  /** Adds a message that is stored soon. */
  add(message: SessionMessage): void;
  /** Resolves once the message is stored and added; rejects if it could not be stored, and then it is not in the list. */
  accept(given: KeptMessage): Promise<void>;
  find(id: string): SessionMessage | undefined;
  /** Returns the message with a caller's key. */
  findKey(key: string): KeptMessage | undefined;
  remove(id: string): Promise<void>;
}

/** Some messages in a row, oldest first. */
interface MessagePage {
  readonly messages: readonly SessionMessage[];
  /** `before` of the page with older ones; null if there are none. */
  readonly next: string | null;
}

/** Messages in memory; the store has all of them. */
export const SHOWN_MESSAGES = 1_000;

/** Name of the field with the key and the digest, in the stored form. */
const PRIVATE = '_request';

export interface MessageListOptions {
  readonly sessionId: string;
  readonly stored: readonly JsonObject[];
  readonly events: EventLog;
  readonly writer: SessionWriter;
}

export function createMessageList(options: MessageListOptions): MessageList {
  const { sessionId, events, writer } = options;
  const kept = options.stored.map(decodeMessage);

  function show(given: KeptMessage): void {
    const { turn_id: turnId } = given.message;
    kept.push(given);
    if (kept.length > SHOWN_MESSAGES) kept.shift();
    events.add('message.added', { ...(turnId !== null && { turn_id: turnId }), message: given.message });
    events.announce(given.message.role === 'assistant' ? 'session.message' : 'session.updated');
  }
  const save = (given: KeptMessage) =>
    writer.write((store) => store.addMessage(sessionId, encodeMessage(given)));

  return {
    list: () => kept.map(({ message }) => message),
    async page({ limit, before }) {
      // With one more than the page has, it is known if older ones follow.
      const query = { limit: limit + 1, before };
      const found = await writer.write((store) => store.listMessages(sessionId, query));
      if (found === undefined) throw unknownMessage();
      const messages = found.slice(-limit).map((json) => decodeMessage(json).message);
      return { messages, next: found.length > limit ? messages[0]!.id : null };
    },
    add(message) {
      show({ message });
      // The store reports its failures itself.
      save({ message }).catch(() => {});
    },
    async accept(given) {
      await save(given);
      show(given);
    },
    find: (id) => kept.find(({ message }) => message.id === id)?.message,
    findKey: (key) => kept.findLast((one) => one.key === key),
    async remove(id) {
      await writer.write((store) => store.deleteMessage(sessionId, id));
      const index = kept.findIndex(({ message }) => message.id === id);
      if (index !== -1) kept.splice(index, 1);
    },
  };
}

export function unknownMessage(): GatewayError {
  return new GatewayError('message_not_found', 'The session has no such message.');
}

/** Creates a message of the moment. */
export function newMessage(
  given: Pick<SessionMessage, 'role' | 'text' | 'turn_id'> & Partial<Pick<SessionMessage, 'attachments'>>,
): SessionMessage {
  return { id: crypto.randomUUID(), created_at: Date.now(), ...given };
}

function encodeMessage({ message, key, digest }: KeptMessage): JsonObject {
  return key === undefined ? { ...message } : { ...message, [PRIVATE]: { key, digest } };
}

function decodeMessage({ [PRIVATE]: request, ...message }: JsonObject): KeptMessage {
  return {
    message: message as unknown as SessionMessage,
    ...(request as Pick<KeptMessage, 'key' | 'digest'>),
  };
}
