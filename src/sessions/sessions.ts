import { GatewayError } from '../base/errors.ts';
import type {
  FoundSession,
  ListedSession,
  SessionQuery,
  SessionStore,
} from '../conversation/ports/session-store.ts';
import { readEarlierMessages } from './earlier-messages.ts';
import { forkSession } from './fork-session.ts';
import { LiveSessions, type SessionWatcher } from './live-sessions.ts';
import { OWN_PROVIDER } from './providers/session-provider.ts';
import { runsElsewhere } from './session-jobs.ts';
import type { Session } from './session.ts';
import type { NewSession, SessionChoices, SessionParts } from './session-options.ts';
import {
  decodeRecord,
  decodeSummary,
  newRecord,
  titleOf,
  type SessionRecord,
  type SessionSummary,
} from './session-record.ts';
import { TurnOverlaps } from './turns/turn-overlaps.ts';
import { createThreadClaims, type ThreadClaims } from './thread-claims.ts';
import { createSessionQueue, type QueueLimits, type QueueLoad } from './turns/session-queue.ts';

/** All sessions of the gateway. */
export interface Sessions {
  create(given: NewSession): Promise<Session>;
  /** Rejects for a session that does not exist, or belongs to another caller. */
  find(id: string, owner: string): Promise<Session>;
  /** Returns a page of a caller's sessions, the last updated one first. */
  list(query: SessionQuery): Promise<SessionPage>;
  /** Ends a session and deletes everything of it; its thread stays in Codex. */
  delete(id: string, owner: string): Promise<void>;
  deleteAll(owner: string): Promise<void>;
  /** Creates a session that goes on from another one, or from one of its turns. */
  fork(source: Session, lastTurnId: string | undefined): Promise<Session>;
  /** Returns those of some threads on which no other caller has a session. */
  readonly ownThreads: ThreadClaims['own'];
  load(): QueueLoad;
  /** Sessions that are in memory, of all callers: among them is every one that works or waits. */
  inMemory(): readonly Session[];
  /** Reports every change of every session in memory; returns a function that ends that. */
  watch(watcher: SessionWatcher): () => void;
  /** Marks the turns of processes that have died as interrupted. */
  recover(): Promise<void>;
  /** Accepts no more turns; those that run go on, unless they wait for a person. */
  drain(): void;
  /** Number of turns that run. */
  running(): number;
  /** Ends the turns that run. */
  interruptAll(): Promise<void>;
  /** Ends everything, stores everything, and closes the engine. */
  close(): Promise<void>;
}

interface SessionPage {
  readonly sessions: readonly SessionSummary[];
  /** The last session, if more may follow. */
  readonly next: SessionQuery['before'];
}

export interface SessionsOptions
  extends QueueLimits, Omit<SessionParts, 'idleMs' | 'onChange' | 'onIdle' | 'overlaps' | 'queue'> {
  /** Folders below which workspaces may lie, with all links resolved; the first is the default one. */
  readonly roots: readonly string[];
  /** Milliseconds after which an idle session gives up its thread and its memory. */
  readonly idleMs?: number | undefined;
}

/** Sessions that are looked at together when all of a caller's are deleted. */
const PAGE = 100;

export function createSessions(options: SessionsOptions): Sessions {
  const { engine, store, roots } = options;
  const queue = createSessionQueue(options);
  const live = new LiveSessions({ ...options, queue, overlaps: new TurnOverlaps() });
  const threads = createThreadClaims(store);
  const remove = (id: string, found?: FoundSession) => removeSession(id, found, live, options);

  async function create(given: NewSession): Promise<Session> {
    const { threadId, owner } = given;
    const record = recordOf(given, roots[0]!);
    if (threadId === undefined) return await live.add(record);
    return await threads.claim(threadId, owner, async () => {
      const messages = await readEarlierMessages(engine, threadId, record.choices.createdAt);
      return await live.add(record, messages);
    });
  }

  return {
    create,
    find: async (id, owner) => await live.find(id, owner),
    async list(query) {
      const rows = await store.listSessions({ ...query, limit: query.limit + 1 });
      const page = rows.slice(0, query.limit);
      return {
        sessions: page.map((row) => live.current(row)?.summary() ?? decodeSummary(row)),
        next: rows.length > page.length ? page.at(-1) : undefined,
      };
    },
    async delete(id, owner) {
      const found = await store.findSession(id);
      if (found?.owner !== owner) throw new GatewayError('session_not_found', 'Session not found');
      if (found.runsElsewhere) throw runsElsewhere();
      await remove(id, found);
    },
    deleteAll: async (owner) => await removeAll(owner, store, remove),
    fork: async (source, lastTurnId) =>
      await forkSession(source, lastTurnId, { create, remove, copyKey: options.providers.copyKey }),
    ownThreads: threads.own,
    load: queue.load,
    inMemory: () => live.all,
    watch: (watcher) => live.watch(watcher),
    recover: async () => await live.recover(),
    drain() {
      queue.close();
      for (const session of live.all) session.drain();
    },
    running: () => queue.load().active_turns,
    interruptAll: async () =>
      void (await Promise.all(live.all.filter(({ isBusy }) => isBusy).map((session) => session.interrupt()))),
    async close() {
      await Promise.all(live.all.map((session) => live.close(session.id)));
      await engine.close();
    },
  };
}

function recordOf(
  { context = {}, threadId, title = '', ...chosen }: NewSession,
  workspace: string,
): SessionRecord {
  const choices: SessionChoices = {
    id: crypto.randomUUID(),
    mode: 'workspace',
    workspace,
    review: 'edits',
    sandbox: 'workspace-write',
    model: undefined,
    provider: OWN_PROVIDER,
    createdAt: Date.now(),
    ...chosen,
  };
  const record = newRecord(choices, context);
  return { ...record, threadId: threadId ?? null, title: record.title || titleOf(title) };
}

async function removeSession(
  id: string,
  known: FoundSession | undefined,
  live: LiveSessions,
  { store, history, files, providers, tools }: SessionsOptions,
): Promise<void> {
  const open = live.peek(id);
  const found = known ?? (open === undefined ? await store.findSession(id) : undefined);
  await live.close(id);
  await store.deleteSession(id);
  await history.forget(turnIdsOf(found, open));
  await files.forget(id);
  providers.forget(id);
  tools.forget(id);
  const owner = found?.owner ?? open?.choices.owner;
  if (owner !== undefined) live.tellRemoved(id, owner);
}

/** Returns the turns of a session; one that is in memory may have begun further ones since it was stored. */
function turnIdsOf(found: FoundSession | undefined, open: Session | undefined): string[] {
  const stored = found === undefined ? [] : decodeRecord(found).turns;
  const turns = [...stored, ...(open?.state.turns.list() ?? [])];
  return [...new Set(turns.map(({ id }) => id))];
}

/** Removes all sessions of a caller but those that run in another gateway; rejects if there are any. */
async function removeAll(
  owner: string,
  store: SessionStore,
  remove: (id: string) => Promise<void>,
): Promise<void> {
  let lastLeft: ListedSession | undefined;
  for (;;) {
    const rows = await store.listSessions({ owner, limit: PAGE, before: lastLeft });
    if (rows.length === 0) break;
    const own = rows.filter((row) => !row.runsElsewhere);
    await Promise.all(own.map(({ id }) => remove(id)));
    if (own.length === 0) lastLeft = rows.at(-1);
  }
  if (lastLeft !== undefined) throw runsElsewhere();
}
