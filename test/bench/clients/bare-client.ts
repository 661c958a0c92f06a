import { bareCatalog } from '../../../src/codex/chat/profile/bare-catalog.ts';
import { bareConfig } from '../../../src/codex/chat/profile/bare-config.ts';
import { TURN_NOTIFICATIONS } from '../../../src/codex/chat/decode/turn-notifications.ts';
import { createPrivateHome, type HomePaths, type PrivateHome } from '../../../src/codex/home/private-home.ts';
import { findBinary, type Binary } from '../../../src/codex/process/binary.ts';
import { ignoredIn } from '../../../src/codex/protocol/notifications.ts';
import { readCatalog } from '../../../src/codex/runtime/catalog.ts';
import { MODEL, TOOL, createStopwatch, type Client, type Item, type Reply, type Request } from './client.ts';
import { spawnJsonRpc, type JsonRpc, type Message } from './json-rpc.ts';

const PROVIDER = 'bench';

/** Settings of the child that the gateway may change for the sake of speed, and the bare client never has. */
const PINNED = { supports_websockets: false };

export interface BareClientOptions {
  readonly baseUrl: string;
  /** An empty folder. */
  readonly folder: string;
  readonly environment: Record<string, string>;
}

/**
 * Starts a plain client of an app-server with the configuration and the catalog that the gateway gives its own: each request
 * starts a thread, injects the whole conversation, runs a turn and unsubscribes. It does nothing for the sake of speed.
 */
export async function startBareClient(options: BareClientOptions): Promise<Client> {
  const binary = await findBinary(undefined, options.environment);
  const home = await createHome(binary, options);
  const turns = new Map<string, (message: Message) => void>();
  const rpc = spawnJsonRpc({
    command: binary.path,
    args: ['app-server', '--strict-config'],
    environment: { ...options.environment, CODEX_HOME: home.path },
    cwd: home.workingDirectory,
    onMessage: (message) => turns.get(message.params?.threadId ?? '')?.(message),
  });
  await rpc.request('initialize', {
    clientInfo: { name: 'bare-client', title: null, version: '0' },
    capabilities: {
      experimentalApi: true,
      requestAttestation: false,
      optOutNotificationMethods: ignoredIn(TURN_NOTIFICATIONS),
    },
  });

  async function ask({ items, hasTools = false }: Request): Promise<Reply> {
    const stopwatch = createStopwatch();
    const threadId = await startThread(rpc, home.workingDirectory, hasTools);
    const answer: Item[] = [];
    let deltas = 0;
    const { promise: ended, resolve, reject } = Promise.withResolvers<boolean>();
    turns.set(threadId, ({ method, params }) => {
      if (method === 'item/agentMessage/delta') {
        stopwatch.mark();
        deltas += 1;
      } else if (method === 'rawResponseItem/completed') {
        const { item, turnId } = params as unknown as { item: Item; turnId: string };
        if (turnId.startsWith('auto-compact')) return;
        if (isCall(item)) stopwatch.mark();
        answer.push(item);
      } else if (method === 'rawResponse/completed' && answer.some(isCall)) resolve(true);
      else if (method === 'turn/completed') {
        const { error } = params!['turn'] as { error: { message: string } | null };
        if (error) reject(new Error(error.message));
        else resolve(false);
      }
    });
    await rpc.request('thread/inject_items', { threadId, items });
    await rpc.request('turn/start', { threadId, input: [], summary: 'auto' });
    const isParked = await ended;
    const times = stopwatch.stop();
    turns.delete(threadId);
    // Nobody waits for these: the next request may go out at once, as through the gateway.
    if (isParked) void rpc.request('turn/interrupt', { threadId, turnId: '' });
    void rpc.request('thread/unsubscribe', { threadId });
    return { ...times, read: () => ({ items: answer, deltas }) };
  }

  return {
    ask,
    async close() {
      await rpc.close();
      await home.remove();
    },
  };
}

function isCall({ type }: Item): boolean {
  return type === 'function_call';
}

async function startThread(rpc: JsonRpc, cwd: string, hasTools: boolean): Promise<string> {
  const { thread } = await rpc.request<{ thread: { id: string } }>('thread/start', {
    model: MODEL,
    modelProvider: PROVIDER,
    cwd,
    ephemeral: true,
    approvalPolicy: 'never',
    sandbox: 'read-only',
    environments: [],
    baseInstructions: '',
    developerInstructions: '',
    experimentalRawEvents: true,
    ...(hasTools && { dynamicTools: [{ type: 'function', ...TOOL, inputSchema: TOOL.parameters }] }),
  });
  return thread.id;
}

async function createHome(binary: Binary, options: BareClientOptions): Promise<PrivateHome> {
  const { baseUrl, folder, environment } = options;
  const place = { stateDirectory: folder, userHome: undefined };
  const config = (home: HomePaths) => bareClientConfig(home, baseUrl);
  const first = await createPrivateHome({ ...place, config });
  const { entries } = await readCatalog({
    binary: binary.path,
    environment,
    home: first,
    signal: new AbortController().signal,
  });
  await first.remove();
  return await createPrivateHome({ ...place, config, catalog: bareCatalog(entries, [], 'auto') });
}

function bareClientConfig(home: HomePaths, baseUrl: string): object {
  const config = bareConfig({
    provider: {
      id: PROVIDER,
      config: { name: PROVIDER, base_url: baseUrl, wire_api: 'responses', requires_openai_auth: false },
    },
    modelProvider: PROVIDER,
    user: {},
    system: { mcpServers: {}, features: {}, leftovers: [] },
    home,
    idleDeadlineSeconds: 300,
  }) as { model_providers: Record<string, object> };
  const provider = { ...config.model_providers[PROVIDER], ...PINNED };
  return { ...config, model_providers: { [PROVIDER]: provider } };
}
