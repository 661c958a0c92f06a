import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest';
import { readSettings } from '../../../src/app/config/config.ts';
import { serveCopilot } from '../../../src/app/copilot/serve-copilot.ts';
import { TOKEN, type TestGateway } from '../gateway.ts';
import { createMemoryLog } from '../memory-log.ts';
import { createFolder } from '../temporary-folder.ts';
import { say } from '../upstream.ts';
import {
  COPILOT_TOKEN,
  startCopilotFakes,
  type CopilotGateway,
  type CopilotGatewayOptions,
} from './copilot-fakes.ts';

export type CopilotServerOptions = Pick<CopilotGatewayOptions, 'config' | 'environment' | 'isSignedIn'>;

/** The part of a test gateway that a server of Copilot's routes alone has as well. */
export type TestCopilotServer = Pick<
  CopilotGateway,
  'github' | 'copilot' | 'respond' | 'fetch' | 'log' | 'close'
>;

interface StartedCopilotServer extends TestCopilotServer {
  readonly origin: string;
}

/** Serves Copilot's routes alone, without Codex, before fakes of GitHub and Copilot until the running test ends. */
export async function useCopilotServer(options?: CopilotServerOptions): Promise<StartedCopilotServer> {
  const server = await startCopilotServer(options);
  onTestFinished(() => server.close());
  return server;
}

/** One such server for all tests of a file; each test sees its own requests alone. */
export function shareCopilotServer(options?: CopilotServerOptions): StartedCopilotServer {
  let server: StartedCopilotServer;
  beforeAll(async () => {
    server = await startCopilotServer(options);
  });
  afterAll(() => server.close());
  beforeEach(() => {
    server.copilot.requests.length = 0;
    server.github.requests.length = 0;
    server.log.lines.length = 0;
    server.copilot.use(say('Hello from Copilot.'));
  });
  return new Proxy({} as StartedCopilotServer, { get: (_, key) => Reflect.get(server, key) as unknown });
}

async function startCopilotServer({
  config,
  environment,
  isSignedIn = true,
}: CopilotServerOptions = {}): Promise<StartedCopilotServer> {
  const folder = createFolder();
  const fakes = await startCopilotFakes();
  const variables = {
    HOME: folder,
    ...fakes.environment,
    ...(isSignedIn && { COPILOT_BEARER_TOKEN: COPILOT_TOKEN }),
    ...environment,
  };
  const configPath = join(folder, 'config.json');
  writeFileSync(configPath, JSON.stringify({ port: 0, token: TOKEN, ...config }));
  const log = createMemoryLog();
  const server = await serveCopilot(await readSettings({ config: configPath }, variables), variables, log);
  const close = async (patience = AbortSignal.abort()) => {
    await server.close(patience);
    await fakes.close();
    rmSync(folder, { recursive: true, force: true });
  };
  const send: TestGateway['fetch'] = (path, { headers, ...init } = {}) =>
    fetch(`${server.origin}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
    });
  return {
    origin: server.origin,
    github: fakes.github,
    copilot: fakes.copilot,
    log,
    fetch: send,
    respond: (body, init) => send('/copilot/v1/responses', { method: 'POST', body, ...init }),
    close,
  };
}
