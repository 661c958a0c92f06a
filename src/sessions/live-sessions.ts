import { GatewayError } from '../base/errors.ts';
import type { FoundSession, ListedSession } from '../conversation/ports/session-store.ts';
import type { SessionMessage } from './events/shapes.ts';
import { isLeftBehind, loadSession } from './load-session.ts';
import { recoverSession } from './recover-session.ts';
import { Session } from './session.ts';
import type { SessionParts } from './session-options.ts';
import { encodeRecord, type SessionRecord } from './session-record.ts';

export interface LiveSessionsOptions extends Omit<SessionParts, 'idleMs' | 'onChange' | 'onIdle'> {
  readonly idleMs?: number | undefined;
}

/** Somebody who watches all sessions. */
export interface SessionWatcher {
  /** Called with a session whenever something of it may have changed, as often as that happens. */
  onChange(session: Session): void;
  onRemove(sessionId: string, owner: string): void;
}

const IDLE_MS = 60_000;

/** The sessions that are in memory: those that work, are read, or were used a short time ago. */
export class LiveSessions {
  readonly #parts: SessionParts;
  readonly #sessions = new Map<string, Session>();
  readonly #loading = new Map<string, Promise<Session>>();
  readonly #watchers = new Set<SessionWatcher>();

  constructor({ idleMs = IDLE_MS, ...options }: LiveSessionsOptions) {
    this.#parts = {
      ...options,
      idleMs,
      onIdle: (id) => void this.#rest(id),
      onChange: (id) => this.#tell(id),
    };
  }

  get all(): readonly Session[] {
    return [...this.#sessions.values()];
  }

  /** Returns a session that is in memory. */
  peek(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  /** Returns a session that is in memory, unless another process works on it or has done so since. */
  current(listed: ListedSession): Session | undefined {
    const session = this.#sessions.get(listed.id);
    return session !== undefined && isCurrent(session, listed) ? session : undefined;
  }

  /** Reports every change of every session in memory; returns a function that ends that. */
  watch(watcher: SessionWatcher): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** Reports that a session is deleted. */
  tellRemoved(id: string, owner: string): void {
    for (const watcher of this.#watchers) watcher.onRemove(id, owner);
  }

  /** Stores a new session, with the messages that its thread has had before. */
  async add(record: SessionRecord, messages: readonly SessionMessage[] = []): Promise<Session> {
    await this.#parts.store.createSession(encodeRecord(record), messages);
    const events = { lastId: 0, latest: [] };
    return this.#use(new Session({ record, messages, events }, this.#parts));
  }

  /** Finds a session, in the store if it has to. Rejects for one of another caller. */
  async find(id: string, owner: string): Promise<Session> {
    const busy = this.#sessions.get(id);
    if (busy?.isBusy === true && busy.choices.owner === owner) return busy;
    const found = await this.#parts.store.findSession(id);
    if (found === undefined) await this.close(id);
    if (found?.owner !== owner) throw new GatewayError('session_not_found', 'Session not found');
    return await this.#refresh(found);
  }

  /** Ends a session and removes it from memory. */
  async close(id: string): Promise<void> {
    const session = this.#sessions.get(id);
    await session?.close();
    if (this.#sessions.get(id) === session) this.#sessions.delete(id);
  }

  /** Marks the turns of processes that have died as interrupted. */
  async recover(): Promise<void> {
    for (const found of await this.#parts.store.claimInterrupted()) {
      // Somebody may have found it meanwhile.
      if (!this.#sessions.has(found.id)) await this.#loadOnce(found);
    }
  }

  #tell(id: string): void {
    if (this.#watchers.size === 0) return;
    const session = this.#sessions.get(id);
    for (const watcher of this.#watchers) if (session !== undefined) watcher.onChange(session);
  }

  #use(session: Session): Session {
    this.#sessions.set(session.id, session);
    this.#tell(session.id);
    return session;
  }

  /** Returns the session as it is in memory, unless another process works on it or has done so since. */
  async #refresh(found: FoundSession): Promise<Session> {
    const known = this.#sessions.get(found.id);
    if (known === undefined || this.#loading.has(found.id)) return await this.#loadOnce(found);
    if (isCurrent(known, found)) return known;
    await this.close(found.id);
    return await this.#loadOnce(found);
  }

  /** Loads a session once, however many ask for it. */
  async #loadOnce(found: FoundSession): Promise<Session> {
    const current = this.#loading.get(found.id) ?? this.#load(found);
    this.#loading.set(found.id, current);
    try {
      return await current;
    } finally {
      this.#loading.delete(found.id);
    }
  }

  async #load(found: FoundSession): Promise<Session> {
    const { store, history } = this.#parts;
    const loaded = await loadSession(store, found);
    const session = this.#use(new Session(loaded, this.#parts));
    if (isLeftBehind(found, loaded.record)) await recoverSession(session, history);
    return session;
  }

  /** Frees what an idle session keeps. One that is read stays in memory, without its thread. */
  async #rest(id: string): Promise<void> {
    const session = this.#sessions.get(id);
    if (session === undefined || session.isBusy) return;
    await session.unload();
    if (!session.isUsed) this.#sessions.delete(id);
  }
}

function isCurrent(session: Session, { runsElsewhere, updatedAt }: ListedSession): boolean {
  if (session.isBusy) return true;
  return !session.runsElsewhere && !runsElsewhere && updatedAt <= session.state.updatedAt;
}
