import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { merge } from '../../base/async/merge.ts';
import type {
  ConsoleSessions,
  SessionFrame,
  SessionInView,
} from '../../console/sessions/console-sessions.ts';
import type { ModelDirectory } from '../../gateway/models/model-directory.ts';
import type { SessionService } from '../../http/sessions/session-service.ts';
import { streamEvents } from '../../http/sessions/stream-events.ts';
import type { Settings } from '../config/config.ts';
import { followChanges } from './session-changes.ts';

export interface ConsoleSessionsOptions {
  /** Undefined if nobody has named a folder for sessions. */
  readonly service: SessionService | undefined;
  readonly models: Pick<ModelDirectory, 'list'>;
  readonly settings: Pick<Settings, 'sessions'>;
}

/** Creates what the console shows of agent sessions beside their own routes. */
export function createConsoleSessions({
  service,
  models,
  settings,
}: ConsoleSessionsOptions): ConsoleSessions {
  return {
    async setup(signal) {
      const roots = service?.rootFolders ?? [];
      const folders = await Promise.all(roots.map(listFolders));
      // A session starts without a list of models as well.
      const listed = service === undefined ? [] : await models.list(signal).catch(() => []);
      return {
        is_on: service !== undefined,
        roots: [...roots],
        // One root may be in another.
        folders: [...new Set(folders.flat())],
        models: listed.map(({ id }) => id),
        approval_timeout: settings.sessions.approvalTimeout,
      };
    },
    async *follow(owner, shown, signal) {
      if (service === undefined) return await aborted(signal);
      const ending = new AbortController();
      const isOver = AbortSignal.any([signal, ending.signal]);
      const changes = followChanges(service.sessions, owner, isOver);
      if (shown === undefined) return yield* changes;
      const events = followEvents(service, { owner, shown, signal }, () => ending.abort());
      yield* merge([changes, events]);
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

interface Reader {
  readonly owner: string;
  readonly shown: SessionInView;
  readonly signal: AbortSignal;
}

/** @param onSlow Called if the reader is too slow. The last event says so, and more come in another stream. */
async function* followEvents(
  { sessions }: SessionService,
  { owner, shown: { id, lastEventId = 0 }, signal }: Reader,
  onSlow: () => void,
): AsyncGenerator<readonly SessionFrame[]> {
  // The page hears from the session's own route that there is no such session.
  const session = await sessions.find(id, owner).catch(() => undefined);
  if (session === undefined) return;
  for await (const batch of streamEvents(session.events, lastEventId, signal).frames) {
    yield batch.map(({ id: place, data }) => ({
      event: 'session_event' as const,
      ...(place !== undefined && { place }),
      data: `{"session":${JSON.stringify(id)},"event":${data}}`,
    }));
    if (batch.some(({ event, data }) => event === 'resync' && data.includes('"too_slow"'))) onSlow();
  }
}

/** Folders in one root that are offered for a session. */
const MAX_FOLDERS = 200;

/** Returns a root and the folders directly in it, without hidden ones. */
async function listFolders(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map(({ name }) => name)
    .toSorted();
  return [root, ...names.slice(0, MAX_FOLDERS).map((name) => join(root, name))];
}
