import { join } from 'node:path';
import { StartupError } from '../../base/errors.ts';
import { findBinary, type Binary } from '../../codex/process/binary.ts';
import { usesWebSocket } from '../../codex/chat/profile/transport.ts';
import type { CodexEngineOptions } from '../../codex/chat/engine.ts';
import { childEnvironment, loopbackEnvironment } from '../../codex/process/environment.ts';
import type { CatalogEntry } from '../../codex/runtime/catalog.ts';
import type { CatalogSource } from '../../codex/runtime/instance-options.ts';
import { keepVersion } from '../../codex/runtime/kept-version.ts';
import { selectProvider, variablesOf, type Provider } from '../../codex/home/provider.ts';
import { findRootStore, maySubstituteRoots } from '../../codex/home/root-store.ts';
import { readUserConfig } from '../../codex/home/user-config.ts';
import type { ModelSettings } from '../../gateway/models/model-routing.ts';
import { FALLBACK } from '../../gateway/models/resolve-model.ts';
import { leadsTo } from '../config/address.ts';
import type { RoutingSettings } from '../config/config-file.ts';
import { isCopilotId } from '../config/copilot-id.ts';
import { findCodexHome, type Environment, type Settings } from '../config/config.ts';
import { makePrivateFolder } from '../files/private-files.ts';
import { ownCommand } from '../config/own-command.ts';

/** The demo's catalog, which Codex needs no entries for. */
const NO_ENTRIES: readonly CatalogEntry[] = [];

export interface PrepareCodexOptions {
  readonly settings: Settings;
  readonly environment: Environment;
  /** Folder of the machine's own Codex configuration. */
  readonly systemFolder: string;
  /** Codex's own catalog, if it is known; otherwise Codex is asked. */
  readonly catalog?: CatalogSource | undefined;
  /** True if empty databases are kept for later starts, right after this one. */
  readonly makesDatabases?: boolean;
  /** True if nothing that earlier starts have kept may be used. */
  readonly isFresh?: boolean;
}

/** Everything about Codex that is decided before it starts. */
export interface CodexSetUp {
  readonly engineOptions: Omit<CodexEngineOptions, 'clientVersion' | 'ignoreRows' | 'observer'>;
  readonly models: ModelSettings;
  /** Returns what these settings of the config file make of `models`; undefined where the file has no say in them. */
  readonly modelsBy?: (settings: RoutingSettings) => ModelSettings;
  /** True if the models are from Codex's own catalog although the provider is not OpenAI. */
  readonly modelsAreGuessed: boolean;
  /** Base URLs of its requests to models, as far as the user's configuration has them. */
  readonly baseUrls: readonly string[];
  close(): Promise<void>;
}

/** Prepares the user's own Codex with its login, provider and model. */
export async function prepareCodex(options: PrepareCodexOptions): Promise<CodexSetUp> {
  const { settings, environment, systemFolder, catalog, isFresh = false, makesDatabases = false } = options;
  const rootStore = findRootStore();
  const userHome = await findCodexHome(environment);
  const cacheDirectory = isFresh ? undefined : join(settings.stateDirectory, 'cache');
  const binary = await prepareBinary(settings, environment, cacheDirectory);
  const user = await readUserConfig(userHome, systemFolder);
  const provider = selectProvider(user, settings.provider, environment, join(userHome, 'config.toml'));
  // A model configured for one provider may not exist at another.
  const model = provider.id === (user.model_provider ?? 'openai') ? user.model : undefined;
  const variables = childEnvironment(environment, variablesOf(provider), settings.token?.value);
  const webSocket = usesWebSocket(settings.transport, provider, user);
  const mayReadRoots = maySubstituteRoots({ environment: variables, provider, user, webSocket });
  return {
    engineOptions: {
      ...common(options),
      binary,
      cacheDirectory,
      makesDatabases,
      provider,
      user,
      userHome,
      environment: variables,
      rootStore: mayReadRoots ? await rootStore : undefined,
      catalog,
      furtherModels: [
        // A preset is listed by its own id.
        ...settings.models
          .map((preset) => ({ id: preset.model ?? preset.id, isListed: false }))
          .filter(({ id }) => !isCopilotId(id)),
        ...(model === undefined ? [] : [{ id: model, isListed: true }]),
      ],
    },
    models: modelSettings(settings, provider.id, model),
    modelsBy: (changed) => modelSettings(changed, provider.id, model),
    modelsAreGuessed: provider.id !== 'openai' && settings.models.length === 0,
    baseUrls: [provider.config.base_url, user.chatgpt_base_url].filter((url) => url !== undefined),
    close: async () => {},
  };
}

/**
 * Returns the settings for models. Codex's catalog lists OpenAI's models; those of another provider must be
 * configured by its user.
 */
function modelSettings(
  settings: RoutingSettings,
  provider: string,
  model: string | undefined,
): ModelSettings {
  const { models: presets, reasoningEffort, verbosity, serviceTier, system, reasoningSummary } = settings;
  const whole = provider !== 'openai' && presets.some(({ id }) => id !== FALLBACK);
  return {
    presets,
    defaults: { reasoningEffort, verbosity, serviceTier, system },
    reasoningSummary,
    preferred: model,
    only: whole ? { has: (id) => id === model || isCopilotId(id) } : undefined,
  };
}

/** Prepares the demo model on loopback, without a login or anything else of the user's Codex. */
export async function prepareDemo(options: PrepareCodexOptions): Promise<CodexSetUp> {
  const { settings, environment } = options;
  const binary = await prepareBinary(settings, environment);
  const { DEMO_MODEL, startDemoServer } = await import('../../demo/demo-server.ts');
  const demo = await startDemoServer();
  const provider: Provider = {
    id: 'demo',
    config: { name: 'demo', base_url: demo.baseUrl, wire_api: 'responses', requires_openai_auth: false },
  };
  return {
    engineOptions: {
      ...common(options),
      binary,
      ...(await loopbackOptions(provider, loopbackEnvironment(environment))),
      catalog: { entries: () => NO_ENTRIES },
      furtherModels: [{ id: DEMO_MODEL, isListed: true }],
    },
    models: {
      presets: [{ id: FALLBACK, model: DEMO_MODEL }],
      defaults: {},
      reasoningSummary: true,
      only: undefined,
      preferred: DEMO_MODEL,
    },
    modelsAreGuessed: false,
    baseUrls: [],
    close: demo.close,
  };
}

/** Returns the options of an engine whose provider is in this process, with nothing of the user's Codex. */
export async function loopbackOptions(
  provider: Provider,
  environment: Record<string, string>,
): Promise<
  Pick<CodexEngineOptions, 'provider' | 'transport' | 'user' | 'userHome' | 'environment' | 'rootStore'>
> {
  const user = {};
  const mayReadRoots = maySubstituteRoots({ environment, provider, user, webSocket: false });
  return {
    provider,
    // It has no WebSocket.
    transport: 'http',
    user,
    userHome: undefined,
    environment,
    rootStore: mayReadRoots ? await findRootStore() : undefined,
  };
}

function common({ settings, environment, systemFolder }: PrepareCodexOptions) {
  const { stateDirectory, nativeTools, transport, continuation, deadlines, retryAfter, child } = settings;
  const command = ownCommand(environment).withoutPaths;
  return {
    stateDirectory,
    systemFolder,
    nativeTools,
    continuation,
    transport,
    idleDeadlineSeconds: deadlines.idle,
    sizeLimits: { memoryBytes: child.maxMemoryBytes, logBytes: child.maxLogBytes },
    retryAfter,
    command,
  };
}

/** Finds the codex binary. Every call of it writes into its CODEX_HOME, which therefore must not be the user's. */
export async function prepareBinary(
  settings: Settings,
  environment: Environment,
  cacheDirectory?: string,
): Promise<Binary> {
  const codexHome = join(settings.stateDirectory, 'helper');
  await makePrivateFolder(codexHome);
  const helperEnvironment = { ...loopbackEnvironment(environment), CODEX_HOME: codexHome };
  if (cacheDirectory === undefined) return await findBinary(settings.codex, helperEnvironment);
  const file = join(cacheDirectory, 'version.json');
  return await findBinary(settings.codex, helperEnvironment, (path, read) => keepVersion(file, path, read));
}

/** Throws a `StartupError` if the provider of Codex is this gateway itself. */
export function refuseOwnAddress(codex: CodexSetUp, port: number): void {
  for (const url of codex.baseUrls) {
    if (!leadsTo(url, port)) continue;
    throw new StartupError(
      `Codex's config.toml sends its requests to ${url}, which is this gateway; ` +
        'select another model_provider there, or start the gateway with another CODEX_HOME.',
    );
  }
}
