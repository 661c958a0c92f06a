import type { JsonObject } from '../base/json.ts';
import type { AgentPlan } from '../conversation/ports/agent.ts';
import type { SessionStore } from '../conversation/ports/session-store.ts';
import { createEventLog, type ChangeName, type EarlierEvents, type EventLog } from './events/event-log.ts';
import { eventsInStore } from './events/event-keeper.ts';
import type { SessionStatus } from './events/shapes.ts';
import { createMessageList, type MessageList } from './message-list.ts';
import type { SessionChoices } from './session-options.ts';
import { encodeRecord, type SessionRecord } from './session-record.ts';
import { createSessionWriter, type SessionWriter } from './session-writer.ts';
import { createTurnList, type TurnList } from './turns/turn-list.ts';

/** A session as it comes out of the store. */
export interface LoadedSession {
  readonly record: SessionRecord;
  readonly messages: readonly JsonObject[];
  readonly events: EarlierEvents;
  /** True if another gateway has a turn of it that runs or waits, so that it can only be read here. */
  readonly runsElsewhere?: boolean;
}

/** Facts of a session that change. */
interface Changes {
  context?: JsonObject;
  threadId?: string | null;
  title?: string;
  status?: SessionStatus;
  lastError?: string | null;
  plan?: AgentPlan | null;
  note?: string | null;
}

/** Everything of one session that is kept and shown; each change is stored and announced. */
export class SessionState {
  readonly choices: SessionChoices;
  readonly writer: SessionWriter;
  readonly events: EventLog;
  readonly messages: MessageList;
  readonly turns: TurnList;
  #facts: Required<Changes>;
  #updatedAt: number;

  /** @param onChange Called whenever something of it changes. */
  constructor(
    { record, messages, events }: LoadedSession,
    store: SessionStore,
    onChange: (sessionId: string) => void = () => {},
  ) {
    const { choices, updatedAt, turns, ...facts } = record;
    const { id } = choices;
    this.choices = choices;
    this.#facts = facts;
    this.#updatedAt = updatedAt;
    this.turns = createTurnList(turns);
    this.writer = createSessionWriter(store, () => encodeRecord(this.record()));
    const place = eventsInStore(store, id);
    this.events = createEventLog({
      ...events,
      ...place,
      onChange: () => onChange(id),
      // In order with everything else of the session.
      save: (added) => this.writer.write(() => place.save(added)),
    });
    this.messages = createMessageList({
      sessionId: id,
      stored: messages,
      events: this.events,
      writer: this.writer,
    });
  }

  get facts(): Readonly<Required<Changes>> {
    return this.#facts;
  }

  get updatedAt(): number {
    return this.#updatedAt;
  }

  record(): SessionRecord {
    return {
      ...this.#facts,
      choices: this.choices,
      updatedAt: this.#updatedAt,
      turns: this.turns.list(),
    };
  }

  /** Changes facts, announces that, and stores them soon. */
  change(changes: Changes, name: ChangeName): void {
    this.set(changes);
    this.events.announce(name);
    this.writer.saveSoon();
  }

  /** Changes facts without a word. */
  set(changes: Changes): void {
    this.#facts = { ...this.#facts, ...changes };
    this.#updatedAt = Math.max(Date.now(), this.#updatedAt + 1);
  }

  /** Resolves once everything is stored. */
  async flush(): Promise<void> {
    await this.events.flush();
    await this.writer.flush();
  }
}
