import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { startGateway } from '../../src/app/compose.ts';
import type { RunningGateway } from '../../src/app/running-gateway.ts';
import { readSettings } from '../../src/app/config/config.ts';
import { keptCatalog } from './kept-catalog.ts';
import { copyKeptDatabases, useKeptDatabases } from './kept-databases.ts';
import { createMemoryLog, type MemoryLog } from './memory-log.ts';
import { createFolder, createVisibleFolder } from './temporary-folder.ts';
import { startUpstream, type Upstream } from './upstream.ts';

export const TOKEN = 'test-token-of-this-suite';

/** A gateway composed in this process, before the real app-server and a scripted model provider. */
export interface TestGateway {
  readonly running: RunningGateway;
  readonly upstream: Upstream;
  readonly client: OpenAI;
  readonly log: MemoryLog;
  /** The user's own CODEX_HOME. */
  readonly codexHome: string;
  readonly stateDirectory: string;
  /** A request with the right token; `path` begins with a slash. */
  fetch(path: string, init?: TestInit): Promise<Response>;
  /** Sends `POST /v1/chat/completions` with a raw body. */
  post(body: unknown, init?: TestInit): Promise<Response>;
  /** Closes the gateway; running work is ended when `patience` aborts, at once by default. */
  close(patience?: AbortSignal): Promise<void>;
}

type TestInit = Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> };

export interface TestGatewayOptions {
  /** Keys of the gateway's config file. */
  readonly config?: object;
  /** Lines for the top of the user's `config.toml`; by default they select the scripted provider. */
  codexConfig?(upstreamUrl: string): string;
  /** Prepares the user's CODEX_HOME further. */
  prepare?(codexHome: string, upstreamUrl: string): void;
  readonly environment?: Readonly<Record<string, string>> | ((upstreamUrl: string) => Record<string, string>);
  /** Stands for `/etc/codex`; by default there is none. */
  readonly systemFolder?: string;
  readonly demo?: boolean;
  /** Lets the scripted provider accept WebSockets. */
  readonly hasSockets?: boolean;
}

/** Selects the scripted provider, as a user would in `config.toml`. */
export function scriptedProvider(baseUrl: string): string {
  return `model_provider = "scripted"
[model_providers.scripted]
name = "scripted"
base_url = "${baseUrl}"
wire_api = "responses"
`;
}

/** The same, for agents that look for no instructions in a workspace: Codex starts a sandbox for each look. */
export function lookingForNothing(baseUrl: string): string {
  return `project_root_markers = []\nproject_doc_max_bytes = 0\n${scriptedProvider(baseUrl)}`;
}

/** Returns true if nothing in the options can change what Codex lists; the usual provider reads no variable. */
function listsAsUsual({
  config = {},
  codexConfig,
  prepare,
  systemFolder,
  demo = false,
}: TestGatewayOptions): boolean {
  const own = [codexConfig, prepare, systemFolder];
  return !demo && own.every((option) => option === undefined) && !('codex' in config || 'provider' in config);
}

export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { config = {}, hasSockets = false } = options;
  const hasAgents = 'sessions' in config;
  const folder = hasAgents ? createVisibleFolder() : createFolder();
  const upstream = await startUpstream(undefined, { hasSockets });
  const codexHome = join(folder, 'codex-home');
  const { environment: further = {} } = options;
  const environment = {
    // Codex would run `lsb_release` at each start, a script that takes as long as half of it.
    PATH: hasAgents || 'tools' in config ? process.env.PATH : '',
    HOME: join(folder, 'home'),
    CODEX_HOME: codexHome,
    XDG_STATE_HOME: join(folder, 'state'),
    ...(typeof further === 'function' ? further(upstream.baseUrl) : further),
  };
  mkdirSync(codexHome);
  mkdirSync(environment.HOME);
  const { codexConfig = scriptedProvider } = options;
  writeFileSync(join(codexHome, 'config.toml'), codexConfig(upstream.baseUrl));
  options.prepare?.(codexHome, upstream.baseUrl);
  const configPath = join(folder, 'config.json');
  writeFileSync(configPath, JSON.stringify({ port: 0, token: TOKEN, ...config }));

  const log = createMemoryLog();
  const settings = await readSettings({ config: configPath }, environment);
  await useKeptDatabases(settings.stateDirectory);
  const { demo = false } = options;
  // Agents work with the user's own.
  if (settings.sessions.roots.length > 0 && !demo) await copyKeptDatabases(codexHome);
  const running = await startGateway({
    settings,
    environment,
    observer: log,
    demo,
    systemFolder: options.systemFolder ?? join(folder, 'etc'),
    catalog: listsAsUsual(options) ? await keptCatalog() : undefined,
  });
  const send = (path: string, { headers, ...init }: TestInit = {}) =>
    fetch(`${running.origin}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
    });

  return {
    running,
    upstream,
    log,
    codexHome,
    stateDirectory: settings.stateDirectory,
    client: new OpenAI({ baseURL: `${running.origin}/v1`, apiKey: TOKEN, maxRetries: 0 }),
    fetch: send,
    post: (body, init) =>
      send('/v1/chat/completions', {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...init,
      }),
    async close(patience = AbortSignal.abort()) {
      await running.close(patience);
      await upstream.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
