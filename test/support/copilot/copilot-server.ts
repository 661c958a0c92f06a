import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readSettings } from '../../../src/app/config/config.ts';
import { serveCopilot } from '../../../src/app/copilot/serve-copilot.ts';
import { TOKEN, type TestGateway } from '../gateway.ts';
import { createMemoryLog } from '../memory-log.ts';
import { temporaryFolder } from '../temporary-folder.ts';
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

/** Serves Copilot's routes alone, without Codex, before fakes of GitHub and Copilot until the running test ends. */
export async function useCopilotServer({
  config,
  environment,
  isSignedIn = true,
}: CopilotServerOptions = {}): Promise<TestCopilotServer> {
  const folder = temporaryFolder();
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
  };
  onTestFinished(() => close());
  const send: TestGateway['fetch'] = (path, { headers, ...init } = {}) =>
    fetch(`${server.origin}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
    });
  return {
    github: fakes.github,
    copilot: fakes.copilot,
    log,
    fetch: send,
    respond: (body, init) => send('/copilot/v1/responses', { method: 'POST', body, ...init }),
    close,
  };
}
