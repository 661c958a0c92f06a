import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
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
  /** Process of the bare client's app-server. */
  readonly bareAppServer: number;
  close(): Promise<void>;
}

export interface SidesOptions {
  readonly nodeArguments?: readonly string[];
  readonly flags?: readonly string[];
}

export async function startSides({ nodeArguments, flags }: SidesOptions = {}): Promise<Sides> {
  const folder = createBenchFolder();
  const upstream = startRemote<UpstreamApi>(UPSTREAM_SCRIPT);
  const http = startRemote<ClientApi>(CLIENT_SCRIPT);
  const bare = startRemote<ClientApi>(CLIENT_SCRIPT);
  const origin = `http://127.0.0.1:${await upstream.call('port')}`;
  const homes = { gateway: join(folder, 'gateway'), bare: join(folder, 'bare') };
  for (const home of Object.values(homes)) mkdirSync(home);
  const environment = { PATH: process.env.PATH ?? '' };
  const gateway = await startGatewayProcess({
    baseUrl: `${origin}/gateway/v1`,
    folder: homes.gateway,
    environment,
    ...(nodeArguments && { nodeArguments }),
    ...(flags && { flags }),
  });
  await http.call('startHttp', { port: gateway.port, token: TOKEN });
  const bareAppServer = await bare.call('startBare', {
    baseUrl: `${origin}/bare/v1`,
    folder: homes.bare,
    environment: { ...environment, HOME: homes.bare },
  });
  // The first turns are slow on either side.
  const warmUp = { count: 10, concurrency: 2, prompt: { type: 'hello' } } as const;
  for (const client of ['chat', 'responses'] as const) await http.call('runTurns', { client, ...warmUp });
  await bare.call('runTurns', { client: 'bare', ...warmUp });
  return {
    upstream,
    gateway,
    http,
    bare,
    bareAppServer,
    async close() {
      await Promise.all([http.close(), bare.close()]);
      await gateway.close();
      await upstream.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function createBenchFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'codex-gateway-bench-')));
}
