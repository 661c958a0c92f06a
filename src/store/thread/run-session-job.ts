import type { SessionStore, StoredEvent, StoredSession } from '../../conversation/ports/session-store.ts';
import { encodeChunks } from '../json-chunks.ts';
import type { StoreJob, StoreMethod } from './store-job.ts';

type Run = (sessions: SessionStore, args: never, lists: StoreJob['lists']) => Promise<unknown>;

type Args<Method extends keyof SessionStore> = Parameters<SessionStore[Method]>;

/** Runs each method of the sessions with the arguments of a job, and returns its result in the form to send back. */
const SESSION_RUNS = {
  createSession: (sessions, [session]: [StoredSession], [messages]) =>
    sessions.createSession(session, messages),
  saveSession: (sessions, args: Args<'saveSession'>) => sessions.saveSession(...args),
  findSession: (sessions, args: Args<'findSession'>) => sessions.findSession(...args),
  hasSession: (sessions, args: Args<'hasSession'>) => sessions.hasSession(...args),
  listSessions: async (sessions, args: Args<'listSessions'>) =>
    encodeChunks(await sessions.listSessions(...args)),
  threadOwners: (sessions, args: Args<'threadOwners'>) => sessions.threadOwners(...args),
  deleteSession: (sessions, args: Args<'deleteSession'>) => sessions.deleteSession(...args),
  claimInterrupted: (sessions) => sessions.claimInterrupted(),
  addMessage: (sessions, args: Args<'addMessage'>) => sessions.addMessage(...args),
  updateMessage: (sessions, args: Args<'updateMessage'>) => sessions.updateMessage(...args),
  deleteMessage: (sessions, args: Args<'deleteMessage'>) => sessions.deleteMessage(...args),
  async listMessages(sessions, args: Args<'listMessages'>) {
    const messages = await sessions.listMessages(...args);
    return messages && encodeChunks(messages);
  },
  addEvents: (sessions, [id]: [string], [events = []]) =>
    sessions.addEvents(id, events as unknown as StoredEvent[]),
  async eventsAfter(sessions, args: Args<'eventsAfter'>) {
    const { events, isComplete } = await sessions.eventsAfter(...args);
    return { events: encodeChunks(events), isComplete };
  },
  lastEventId: (sessions, args: Args<'lastEventId'>) => sessions.lastEventId(...args),
} satisfies Record<keyof SessionStore, Run>;

export function isSessionMethod(method: StoreMethod): method is keyof SessionStore {
  return method in SESSION_RUNS;
}

/** Runs a job on the sessions, in the database's thread; resolves to the result in the form to send back. */
export async function runSessionJob(
  sessions: SessionStore,
  method: keyof SessionStore,
  job: StoreJob,
): Promise<unknown> {
  return await (SESSION_RUNS[method] as Run)(sessions, job.args as never, job.lists);
}
