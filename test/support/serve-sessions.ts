import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { parseJsonBody } from '../../src/app/worker/parse-json-body.ts';
import { createBaseApp } from '../../src/http/base-app.ts';
import { createByteBudget } from '../../src/http/body/byte-budget.ts';
import { createActiveRequests } from '../../src/http/requests/active-requests.ts';
import { serveGroups } from '../../src/http/routing/serve-groups.ts';
import { createSessionRoutes } from '../../src/http/sessions/session-routes.ts';
import { createAccount } from '../../src/sessions/account/account.ts';
import { createAttachmentFiles } from '../../src/sessions/attachments/attachment-files.ts';
import { createProviders, type ProvidersOptions } from '../../src/sessions/providers/providers.ts';
import { createSessions } from '../../src/sessions/sessions.ts';
import { createRoots } from '../../src/sessions/workspace/roots.ts';
import { createFakeAgentEngine } from './fake-agent.ts';
import { createFakeSessionTools } from './fake-session-tools.ts';
import { fixedTokens } from './fixed-tokens.ts';
import { keepTestSessions } from './open-test-sessions.ts';
import { createMemoryLog } from './memory-log.ts';
import { startHttpServer } from './start-http-server.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface ServeSessionsOptions extends Partial<ProvidersOptions> {
  readonly isOff?: boolean;
  /** The folder of an earlier server, which has its sessions. */
  readonly folder?: string;
  readonly bodyLimitBytes?: number;
  readonly maxConcurrentTurns?: number;
  readonly maxQueuedTurns?: number;
  readonly commentMs?: number;
}

export interface SessionAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined for an answer without a body. */
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export interface AskInit {
  readonly method?: string;
  readonly body?: object | string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Serves the routes of agent sessions before an engine without Codex; tokens are `all`, `other`, `openai`, `sessions`, and `reader` for one that may only look. */
export async function serveSessions(options: ServeSessionsOptions = {}) {
  const {
    bodyLimitBytes = 1_000_000,
    maxConcurrentTurns = 4,
    maxQueuedTurns = 40,
    commentMs = 15_000,
  } = options;
  const { folder = temporaryFolder() } = options;
  const root = join(folder, 'root');
  mkdirSync(join(root, 'site'), { recursive: true });
  const engine = createFakeAgentEngine();
  const providers = createProviders({ workspace: root, findCopilot: async () => undefined, ...options });
  const files = createAttachmentFiles(join(folder, 'attachments'));
  const log = createMemoryLog();
  const sessionTools = createFakeSessionTools();
  const sessions = createSessions({
    onBroken: (problem) => log.observe({ type: 'session-turn-broken', problem }),
    engine,
    ...(await keepTestSessions({ workspace: root, state: folder, storePath: join(folder, 'store.sqlite') })),
    providers,
    tools: sessionTools,
    files,
    roots: [root],
    maxConcurrentTurns,
    maxQueuedTurns,
    approvals: { timeoutMs: 60_000, forbidden: [], readOnly: [], allowsUnsandboxed: false },
    turnTimeoutMs: 60_000,
  });
  onTestFinished(sessions.close);
  const account = createAccount(engine);
  onTestFinished(account.close);
  const service = {
    sessions,
    providers,
    account,
    roots: createRoots([root]),
    rootFolders: [root],
    threads: engine,
    codexCommand: 'codex',
    codexHome: '/home/user/.codex',
  };
  const tokens = fixedTokens({
    all: 'all',
    other: 'other',
    openai: { name: 'openai', scopes: ['openai'] },
    sessions: { name: 'sessions', scopes: ['sessions'] },
    reader: { name: 'reader', browser: { id: 'reader', isReadOnly: true } },
  });
  const app = createBaseApp({
    active: createActiveRequests(),
    observer: log,
    stallLimitMs: 60_000,
    tokens,
  });
  const routes = createSessionRoutes({
    sessions: options.isOff ? undefined : service,
    keepAlive: { commentMs, heartbeatMs: commentMs },
    stallLimitMs: 60_000,
  });
  app.use(
    serveGroups([routes], {
      tokens,
      command: 'codex-gateway',
      bodyLimitBytes,
      bodyBudget: createByteBudget(4 * bodyLimitBytes),
      parseBody: async (body) => parseJsonBody(body),
    }),
  );
  const { origin } = await startHttpServer(app.callback());

  async function ask(path: string, init: AskInit = {}): Promise<SessionAnswer> {
    const { body, token = 'all', headers } = init;
    const method = init.method ?? (body === undefined ? 'GET' : 'POST');
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: {
        ...(token !== '' && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  }

  return {
    ask,
    origin,
    routes: routes.routes,
    sessions,
    engine,
    sessionTools,
    log,
    folder,
    root,
    files,
    /** Creates a session; resolves to it. */
    create: async (body: object = {}) => (await ask('/chat/sessions', { body })).body.session,
  };
}
