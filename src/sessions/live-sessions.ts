import { GatewayError } from '../base/errors.ts';
import type { FoundSession } from '../conversation/ports/session-store.ts';
import { isLeftBehind, loadSession } from './load-session.ts';
import { recoverSession } from './recover-session.ts';
import { Session } from './session.ts';
import type { SessionParts } from './session-options.ts';
import { encodeRecord, type SessionRecord } from './session-record.ts';

/** The sessions that are in memory: those that work, are read, or were used a short time ago. */
export interface LiveSessions {
  /** Stores a new session. */
  add(record: SessionRecord): Promise<Session>;
  /** Finds a session, in the store if it has to. Rejects for one of another caller. */
  find(id: string, owner: string): Promise<Session>;
  /** Returns a session that is in memory. */
  peek(id: string): Session | undefined;
  all(): readonly Session[];
  hasThread(threadId: string): boolean;
  /** Ends a session and removes it from memory. */
  close(id: string): Promise<void>;
  /** Marks the turns of processes that have died as interrupted. */
  recover(): Promise<void>;
}

export interface LiveSessionsOptions extends Omit<SessionParts, 'idleMs' | 'onIdle'> {
  readonly idleMs?: number | undefined;
}

const IDLE_MS = 60_000;

export function createLiveSessions({ idleMs = IDLE_MS, ...options }: LiveSessionsOptions): LiveSessions {
  const { store, history } = options;
  const sessions = new Map<string, Session>();
  const loading = new Map<string, Promise<Session>>();
  const parts: SessionParts = { ...options, idleMs, onIdle: (id) => void rest(id) };

  /** Frees what an idle session keeps. One that is read stays in memory, without its thread. */
  async function rest(id: string): Promise<void> {
    const session = sessions.get(id);
    if (session === undefined || session.isBusy) return;
    await session.unload();
    if (!session.isUsed) sessions.delete(id);
  }

  async function load(found: FoundSession): Promise<Session> {
    const loaded = await loadSession(store, found);
    const session = new Session(loaded, parts);
    sessions.set(found.id, session);
    if (isLeftBehind(found, loaded.record)) await recoverSession(session, history);
    return session;
  }

  /** Loads a session once, however many ask for it. */
  async function loadOnce(found: FoundSession): Promise<Session> {
    const current = loading.get(found.id) ?? load(found);
    loading.set(found.id, current);
    try {
      return await current;
    } finally {
      loading.delete(found.id);
    }
  }

  async function close(id: string): Promise<void> {
    const session = sessions.get(id);
    await session?.close();
    if (sessions.get(id) === session) sessions.delete(id);
  }

  return {
    async add(record) {
      await store.createSession(encodeRecord(record));
      const session = new Session({ record, messages: [], events: { lastId: 0, latest: [] } }, parts);
      sessions.set(session.id, session);
      return session;
    },
    async find(id, owner) {
      const busy = sessions.get(id);
      if (busy?.isBusy === true && busy.state.choices.owner === owner) return busy;
      const found = await store.findSession(id);
      if (found?.owner !== owner) {
        if (found === undefined) await close(id);
        throw new GatewayError('session_not_found', 'Session not found');
      }
      const known = sessions.get(id);
      if (known === undefined || loading.has(id)) return await loadOnce(found);
      // Another process has worked on it since: the store knows more.
      if (known.isBusy || found.updatedAt <= known.state.updatedAt) return known;
      await close(id);
      return await loadOnce(found);
    },
    peek: (id) => sessions.get(id),
    all: () => [...sessions.values()],
    hasThread: (threadId) => [...sessions.values()].some(({ state }) => state.facts.threadId === threadId),
    close,
    async recover() {
      for (const found of await store.claimInterrupted()) {
        // Somebody may have found it meanwhile.
        if (!sessions.has(found.id)) await loadOnce(found);
      }
    },
  };
}
