import { join } from 'node:path';
import { StartupError } from '../../base/errors.ts';
import { findBinary, type Binary } from '../../codex/process/binary.ts';
import type { CodexEngineOptions } from '../../codex/chat/engine.ts';
import { childEnvironment, loopbackEnvironment } from '../../codex/process/environment.ts';
import { selectProvider, variablesOf } from '../../codex/home/provider.ts';
import { readUserConfig } from '../../codex/home/user-config.ts';
import { DEMO_MODEL, startDemoServer } from '../../demo/demo-server.ts';
import type { ModelSettings } from '../../gateway/models/model-routing.ts';
import { FALLBACK } from '../../gateway/models/resolve-model.ts';
import { leadsTo } from '../config/address.ts';
import { findCodexHome, type Environment, type Settings } from '../config/config.ts';
import { makePrivateFolder } from '../files/make-private-folder.ts';
import { ownCommand } from '../config/own-command.ts';

export interface CodexSetUp {
  readonly settings: Settings;
  readonly environment: Environment;
  /** Where the machine's own set-up of Codex lies. */
  readonly systemFolder: string;
}

/** What is decided about Codex before it starts. */
export interface Codex {
  readonly engine: Omit<CodexEngineOptions, 'clientVersion' | 'ignoreRows' | 'observer'>;
  readonly models: ModelSettings;
  /** True if the list of models is Codex's own although another provider than OpenAI serves. */
  readonly modelsAreGuessed: boolean;
  /** Where its requests to a model go, as far as the user's configuration says. */
  readonly baseUrls: readonly string[];
  close(): Promise<void>;
}

/** The user's own Codex: the login, provider and model that it is set up with. */
export async function prepareCodex(setUp: CodexSetUp): Promise<Codex> {
  const { settings, environment, systemFolder } = setUp;
  const userHome = await findCodexHome(environment);
  const binary = await prepareBinary(settings, environment);
  const user = await readUserConfig(userHome, systemFolder);
  const provider = selectProvider(user, settings.provider, environment, join(userHome, 'config.toml'));
  // A model that is set for one provider is not another's.
  const model = provider.id === (user.model_provider ?? 'openai') ? user.model : undefined;
  return {
    engine: {
      ...common(setUp),
      binary,
      provider,
      user,
      userHome,
      environment: childEnvironment(environment, variablesOf(provider), settings.token?.value),
      catalog: undefined,
      furtherModels: [
        // A preset is listed by its own id.
        ...settings.models.map((preset) => ({ id: preset.model ?? preset.id, listed: false })),
        ...(model === undefined ? [] : [{ id: model, listed: true }]),
      ],
    },
    models: modelSettings(settings, provider.id, model),
    modelsAreGuessed: provider.id !== 'openai' && settings.models.length === 0,
    baseUrls: [provider.config.base_url, user.chatgpt_base_url].filter((url) => url !== undefined),
    close: async () => {},
  };
}

/** Codex's catalog is OpenAI's: which models another provider has is for its user to say. */
function modelSettings(settings: Settings, provider: string, model: string | undefined): ModelSettings {
  const { models: presets, reasoningEffort, verbosity, serviceTier, system, reasoningSummary } = settings;
  const whole = provider !== 'openai' && presets.some(({ id }) => id !== FALLBACK);
  return {
    presets,
    defaults: { reasoningEffort, verbosity, serviceTier, system },
    reasoningSummary,
    preferred: model,
    only: whole ? new Set(model === undefined ? [] : [model]) : undefined,
  };
}

/** The demo model on loopback: no login, nothing of the user's Codex. */
export async function prepareDemo(setUp: CodexSetUp): Promise<Codex> {
  const { settings, environment } = setUp;
  const binary = await prepareBinary(settings, environment);
  const demo = await startDemoServer();
  return {
    engine: {
      ...common(setUp),
      binary,
      provider: {
        id: 'demo',
        config: { name: 'demo', base_url: demo.baseUrl, wire_api: 'responses', requires_openai_auth: false },
      },
      user: {},
      userHome: undefined,
      environment: loopbackEnvironment(environment),
      catalog: [],
      furtherModels: [{ id: DEMO_MODEL, listed: true }],
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

function common({ settings, environment, systemFolder }: CodexSetUp) {
  const { stateDirectory, nativeTools, deadlines, retryAfter } = settings;
  const command = ownCommand(environment).withoutPaths;
  return {
    stateDirectory,
    systemFolder,
    nativeTools,
    idleDeadlineSeconds: deadlines.idle,
    retryAfter,
    command,
  };
}

/** Finds the codex binary. Any call of it writes into its CODEX_HOME, which must not be the user's. */
export async function prepareBinary(settings: Settings, environment: Environment): Promise<Binary> {
  const codexHome = join(settings.stateDirectory, 'helper');
  await makePrivateFolder(codexHome);
  return await findBinary(settings.codex, { ...loopbackEnvironment(environment), CODEX_HOME: codexHome });
}

/** Someone may have made this very gateway the provider of their Codex. */
export function refuseOwnAddress(codex: Codex, port: number): void {
  for (const url of codex.baseUrls) {
    if (!leadsTo(url, port)) continue;
    throw new StartupError(
      `Codex's config.toml sends its requests to ${url}, which is this gateway; ` +
        'select another model_provider there, or start the gateway with another CODEX_HOME.',
    );
  }
}
