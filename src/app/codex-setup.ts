import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findBinary } from '../codex/binary.ts';
import { readBundledCatalog } from '../codex/catalog.ts';
import type { CodexEngineOptions } from '../codex/engine.ts';
import { childEnvironment, loopbackEnvironment } from '../codex/environment.ts';
import { selectProvider } from '../codex/provider.ts';
import { readUserConfig } from '../codex/user-config.ts';
import { DEMO_MODEL, startDemoServer } from '../demo/demo-server.ts';
import { findCodexHome, type Environment, type Settings } from './config.ts';

/** What is decided about Codex before it starts. */
export interface Codex {
  readonly engine: Omit<CodexEngineOptions, 'clientVersion' | 'log'>;
  /** Where its requests to a model go, as far as the user's configuration says. */
  readonly baseUrls: readonly string[];
  close(): Promise<void>;
}

/** The user's own Codex: the login, provider and model that it is set up with. */
export async function prepareCodex(
  settings: Settings,
  environment: Environment,
  token: string,
): Promise<Codex> {
  const userHome = await findCodexHome(environment);
  const helper = await helperEnvironment(settings, environment);
  const binary = await findBinary(settings.codex, helper);
  const user = await readUserConfig(userHome);
  const provider = selectProvider(user);
  const child = childEnvironment(environment, provider, token);
  return {
    engine: {
      ...common(settings),
      binary,
      provider,
      user,
      userHome,
      environment: child,
      catalog: await readBundledCatalog(binary.path, helper),
    },
    baseUrls: [provider.config.base_url, user.chatgpt_base_url].filter((url) => url !== undefined),
    close: async () => {},
  };
}

/** The demo model on loopback: no login, nothing of the user's Codex. */
export async function prepareDemo(settings: Settings, environment: Environment): Promise<Codex> {
  const binary = await findBinary(settings.codex, await helperEnvironment(settings, environment));
  const demo = await startDemoServer();
  return {
    engine: {
      ...common(settings),
      binary,
      provider: {
        id: 'demo',
        config: { name: 'demo', base_url: demo.baseUrl, wire_api: 'responses', requires_openai_auth: false },
      },
      user: { model: DEMO_MODEL },
      userHome: undefined,
      environment: loopbackEnvironment(environment),
      catalog: [],
    },
    baseUrls: [],
    close: demo.close,
  };
}

function common({ stateDirectory, nativeTools, deadlines }: Settings) {
  return { stateDirectory, nativeTools, idleDeadline: deadlines.idle };
}

/** For asking the binary about itself: any call of it writes into its CODEX_HOME, which must not be the user's. */
async function helperEnvironment(
  settings: Settings,
  environment: Environment,
): Promise<Record<string, string>> {
  const codexHome = join(settings.stateDirectory, 'helper');
  await mkdir(codexHome, { recursive: true, mode: 0o700 });
  return { ...loopbackEnvironment(environment), CODEX_HOME: codexHome };
}
