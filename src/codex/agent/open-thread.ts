import { isDeepStrictEqual } from 'node:util';
import { sleep } from '../../base/async/sleep.ts';
import { NEVER_ABORTED } from '../../base/async/abort.ts';
import type { AgentListener, AgentThread } from '../../conversation/ports/agent.ts';
import type { Connection } from '../protocol/connection.ts';
import { RpcError } from '../protocol/rpc-error.ts';
import type { threadParams } from './agent-parameters.ts';
import type { AgentPlace, AgentPlaces } from './agent-places.ts';
import { createLoadedThread, type OpenedThread } from './agent-thread.ts';
import { explained } from './agent-errors.ts';
import type { MountPoints } from './mount-points.ts';

type ThreadParams = Awaited<ReturnType<typeof threadParams>>;

export interface Opening {
  readonly places: AgentPlaces;
  /** The thread's part of every request that opens it. */
  readonly params: ThreadParams;
  /** Returns the same for what is on disk now. */
  describe(): Promise<ThreadParams>;
  readonly listener: AgentListener;
  readonly mountPoints: MountPoints;
  readonly isNew: boolean;
  /** Name of the gateway's tools in Codex; undefined for a thread without them. */
  readonly tools: string | undefined;
  readonly signal: AbortSignal;
}

/** Opens a thread in the app-server in charge, and keeps that place until the thread is unloaded or gone. */
export async function openThread(
  { places, params, describe, listener, mountPoints, isNew, tools, signal }: Opening,
  open: (connection: Connection) => Promise<OpenedThread>,
): Promise<AgentThread> {
  const place = await places.acquire(signal);
  const opened = await held(place, () => open(place.server.connection));
  let latest = params;
  return createLoadedThread({
    place,
    opened,
    listener,
    mountPoints,
    isNew,
    tools,
    async isOutdated() {
      const before = latest;
      latest = await describe();
      return !isDeepStrictEqual(latest, before);
    },
    async reopen() {
      const next = await places.acquire(NEVER_ABORTED);
      await held(next, () => resumeThread(next.server.connection, opened.thread.id, latest));
      return next;
    },
  });
}

async function held<T>(place: AgentPlace, work: () => Promise<T>): Promise<T> {
  try {
    return await explained(place.server.observer, work);
  } catch (error) {
    place.release();
    throw error;
  }
}

/** Milliseconds between two attempts, and attempts, to load a thread that is being unloaded. */
const CLOSING_DELAY_MS = 50;
const CLOSING_ATTEMPTS = 100;

/** Loads a thread, also if this app-server or an earlier one still unloads it. */
export async function resumeThread(
  connection: Connection,
  threadId: string,
  params: ThreadParams,
): Promise<OpenedThread> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connection.request('thread/resume', { threadId, excludeTurns: true, ...params });
    } catch (error) {
      if (attempt === CLOSING_ATTEMPTS || !isUnloading(error)) throw error;
      await sleep(CLOSING_DELAY_MS, NEVER_ABORTED);
    }
  }
}

function isUnloading(error: unknown): boolean {
  return error instanceof RpcError && /is closing|already has an active writer/.test(error.message);
}
