import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DynamicToolSpec } from '../../generated/v2/DynamicToolSpec.js';
import { NEVER_ABORTED } from '../../src/base/async/abort.ts';
import { createBareProfile, type BareAppServer } from '../../src/codex/chat/profile/profile.ts';
import type { RootStore } from '../../src/codex/home/root-store.ts';
import { findBinary } from '../../src/codex/process/binary.ts';
import type { Transport } from '../../src/codex/chat/profile/transport.ts';
import type { Connection } from '../../src/codex/protocol/connection.ts';
import type { TurnEvent } from '../../src/conversation/turn-event.ts';
import type { Turn } from '../../src/conversation/turn.ts';
import { ignoreRows } from '../../src/store/database/ignore-rows.ts';
import { startInstance } from '../../src/codex/runtime/instance.ts';
import { openTurn } from './open-turn.ts';
import { keptCatalog } from './kept-catalog.ts';
import { createMemoryLog } from './memory-log.ts';
import { createFolder } from './temporary-folder.ts';
import { startUpstream, type Upstream } from './upstream.ts';

/** The real app-server, as the gateway starts it, before a scripted model provider. */
export interface TestAppServer {
  readonly upstream: Upstream;
  /** Runs a turn as the engine does; resolves to all of its events. */
  runTurn(turn: Turn, owner?: string): Promise<TurnEvent[]>;
  /** Resolves when Codex knows that the turn which began last must not ask the model again. */
  keptToOnce(): Promise<void>;
  /** Requests that turns have sent so far, by method. */
  readonly requests: readonly string[];
  /** Runs a turn of a thread with these tools; resolves to the tools sent upstream. Rejects when Codex refuses them. */
  sendTools(model: string, tools: DynamicToolSpec[]): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

interface TestAppServerOptions {
  /** Address of another provider than the scripted one. */
  readonly baseUrl?: string;
  readonly rootStore?: RootStore;
  readonly transport?: Transport;
}

export async function startTestAppServer({
  baseUrl,
  rootStore,
  transport = 'http',
}: TestAppServerOptions = {}): Promise<TestAppServer> {
  const folder = createFolder();
  const upstream = await startUpstream(undefined, { hasSockets: transport !== 'http' });
  const environment = { PATH: process.env.PATH ?? '', HOME: folder };
  const provider = {
    id: 'scripted',
    config: {
      name: 'scripted',
      base_url: baseUrl ?? upstream.baseUrl,
      wire_api: 'responses',
      requires_openai_auth: false,
    },
  };
  const profile = createBareProfile({
    provider,
    user: {},
    furtherModels: [],
    nativeTools: 'auto',
    continuation: true,
    transport,
    idleDeadlineSeconds: 60,
    ending: NEVER_ABORTED,
  });
  const instance = await startInstance(
    profile,
    {
      binary: await findBinary(undefined, { ...environment, CODEX_HOME: folder }),
      provider,
      userHome: undefined,
      systemFolder: join(folder, 'etc'),
      stateDirectory: folder,
      environment,
      rootStore,
      catalog: await keptCatalog(),
      clientVersion: '0',
      ignoreRows,
      observer: createMemoryLog(),
    },
    AbortSignal.any([]),
  );
  const server = await instance.current(AbortSignal.any([]));
  const { connection, notifications, state } = server;
  const { workingDirectory, modelProvider } = state;

  const requests: string[] = [];
  let once = Promise.withResolvers<void>();
  const request: Connection['request'] = async (method, ...rest) => {
    if (method === 'turn/start') once = Promise.withResolvers();
    // Of the turn that asks: the reply may come when the next one has begun.
    const { resolve } = once;
    requests.push(method);
    const reply = await connection.request(method, ...rest);
    if (method === 'turn/settings/update') resolve();
    return reply;
  };
  const watched: BareAppServer = { ...server, connection: { ...connection, request } };

  async function runBareTurn(threadId: string): Promise<void> {
    const over = Promise.withResolvers<void>();
    const stopListening = notifications.listen(threadId, {
      onNotifications: (batch) => {
        if (batch.some(({ method }) => method === 'turn/completed')) over.resolve();
      },
      onClose: () => over.reject(new Error('the app-server ended')),
    });
    await connection.request('turn/start', {
      threadId,
      input: [{ type: 'text', text: 'Hello.', text_elements: [] }],
    });
    await over.promise.finally(stopListening);
  }

  return {
    upstream,
    requests,
    async runTurn(turn, owner) {
      return await Array.fromAsync(openTurn(watched, turn, AbortSignal.any([]), { owner }).events);
    },
    keptToOnce: () => once.promise,
    async sendTools(model, dynamicTools) {
      const { thread } = await connection.request('thread/start', {
        model,
        modelProvider: modelProvider(),
        cwd: workingDirectory,
        ephemeral: true,
        environments: [],
        baseInstructions: '',
        developerInstructions: '',
        dynamicTools,
      });
      const before = upstream.requests.length;
      await runBareTurn(thread.id);
      await connection.request('thread/unsubscribe', { threadId: thread.id });
      return upstream.requests[before]!.body.tools ?? [];
    },
    async close() {
      await instance.close();
      await upstream.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
