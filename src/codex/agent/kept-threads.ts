import type { Thread } from '../../../generated/v2/Thread.js';
import type { ThreadSourceKind } from '../../../generated/v2/ThreadSourceKind.js';
import type { KeptThread, ThreadPage, ThreadQuery } from '../../conversation/ports/agent-home.ts';
import type { Connection } from '../protocol/connection.ts';

/** The programs whose threads are found; those that an agent starts for itself are left out. */
const SOURCES: ThreadSourceKind[] = ['cli', 'vscode', 'exec', 'appServer', 'unknown'];

/** Lists the threads in the user's CODEX_HOME, of every provider. */
export async function listThreads(
  connection: Connection,
  { workspace, cursor, limit }: ThreadQuery,
): Promise<ThreadPage> {
  const { data, nextCursor } = await connection.request('thread/list', {
    modelProviders: [],
    sourceKinds: SOURCES,
    sortKey: 'updated_at',
    limit,
    ...(workspace !== undefined && { cwd: workspace }),
    ...(cursor !== undefined && { cursor }),
  });
  return { threads: data.map(decodeThread), next: nextCursor ?? undefined };
}

/** The app-server refuses any other id of a thread. */
const THREAD_ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

export async function findThread(connection: Connection, threadId: string): Promise<KeptThread | undefined> {
  if (!THREAD_ID.test(threadId)) return undefined;
  const { data } = await connection.request('thread/list', {
    modelProviders: [],
    sourceKinds: SOURCES,
    includedThreadIds: [threadId],
    limit: 1,
  });
  return data.map(decodeThread).find(({ id }) => id === threadId.toLowerCase());
}

function decodeThread(thread: Thread): KeptThread {
  return {
    id: thread.id,
    workspace: thread.cwd,
    title: thread.name ?? thread.preview,
    provider: thread.modelProvider,
    model: thread.model ?? null,
    createdAt: thread.createdAt * 1000,
    updatedAt: thread.updatedAt * 1000,
  };
}
