import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientApi } from './processes/client-process.ts';
import { startGatewayProcess, TOKEN, type GatewayProcess } from './processes/gateway-process.ts';
import { startRemote, type Remote } from './processes/remote.ts';
import type { UpstreamApi } from './processes/upstream-process.ts';

const CLIENT_SCRIPT = new URL('./processes/client-process.ts', import.meta.url);
const UPSTREAM_SCRIPT = new URL('./processes/upstream-process.ts', import.meta.url);

/** Both programs that are compared, each in processes of its own, before one scripted provider. */
export interface Sides {
  readonly upstream: Remote<UpstreamApi>;
  readonly gateway: GatewayProcess;
  /** Asks the gateway. */
  readonly http: Remote<ClientApi>;
  /** Asks an app-server directly. */
  readonly bare: Remote<ClientApi>;
  close(): Promise<void>;
}

export interface SidesOptions {
  /** Milliseconds to the provider and back; more than 0 is a provider with TLS. */
  readonly roundTripMs?: number;
  readonly nodeArguments?: readonly string[];
  readonly flags?: readonly string[];
  readonly probesMemory?: boolean;
}

export async function startSides(options: SidesOptions = {}): Promise<Sides> {
  const stack = new AsyncDisposableStack();
  try {
    return { ...(await start(options, stack)), close: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function start(options: SidesOptions, stack: AsyncDisposableStack): Promise<Omit<Sides, 'close'>> {
  const { roundTripMs = 0, nodeArguments = [], flags = [], probesMemory = false } = options;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'codex-gateway-bench-')));
  stack.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const upstream = startRemote<UpstreamApi>(UPSTREAM_SCRIPT);
  stack.defer(upstream.close);
  const { origin, authority } = await upstream.call('start', roundTripMs);
  const environment = { PATH: process.env.PATH ?? '', ...trust(authority, folder) };

  const gateway = await startGatewayProcess({
    baseUrl: `${origin}/gateway/v1`,
    folder: join(folder, 'gateway'),
    environment,
    nodeArguments,
    flags,
    probesMemory,
  });
  stack.defer(gateway.close);
  const http = startRemote<ClientApi>(CLIENT_SCRIPT);
  stack.defer(http.close);
  await http.call('startHttp', { port: gateway.port, token: TOKEN });

  const bareFolder = join(folder, 'bare');
  mkdirSync(bareFolder);
  const bare = startRemote<ClientApi>(CLIENT_SCRIPT);
  stack.defer(bare.close);
  await bare.call('startBare', {
    baseUrl: `${origin}/bare/v1`,
    folder: bareFolder,
    environment: { ...environment, HOME: bareFolder },
  });
  await warmUp(http, bare);
  return { upstream, gateway, http, bare };
}

/** Returns the variable with which Codex trusts the provider's authority in addition to those of the machine. */
function trust(authority: string | undefined, folder: string): Record<string, string> {
  if (authority === undefined) return {};
  const path = join(folder, 'authority.pem');
  writeFileSync(path, authority);
  return { CODEX_CA_CERTIFICATE: path };
}

/** Runs the first turns, which are slow on either side. */
async function warmUp(http: Remote<ClientApi>, bare: Remote<ClientApi>): Promise<void> {
  const options = { count: 10, concurrency: 2, prompt: { type: 'hello' } } as const;
  await http.call('runTurns', { client: 'chat', ...options });
  await http.call('runTurns', { client: 'responses', ...options });
  await bare.call('runTurns', { client: 'bare', ...options });
}
