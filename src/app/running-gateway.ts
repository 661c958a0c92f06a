import { usesKeyring } from '../codex/home/user-config.ts';
import type { Login } from '../codex/process/connect-app-server.ts';
import type { Binary } from '../codex/process/binary.ts';
import type { Model } from '../conversation/model.ts';
import { defaultModel } from '../gateway/models/model-directory.ts';
import type { CodexSetUp } from './codex/codex-setup.ts';
import type { Settings } from './config/config.ts';
import { findMissingTargets, type MissingTarget } from './config/missing-targets.ts';

/** A gateway that serves requests. */
export interface RunningGateway extends GatewayDescription {
  /** `http://127.0.0.1:8000` */
  readonly origin: string;
  readonly token: string;
  /** Returns the number of requests in progress, including those in the background. */
  running(): number;
  /** Refuses further requests, lets running ones finish until `patience` aborts, then ends the remaining ones. */
  close(patience: AbortSignal): Promise<void>;
}

/** Facts about a gateway at its start. */
export interface GatewayDescription {
  readonly codex: Binary;
  /** Id of the provider. */
  readonly provider: string;
  readonly login: Login;
  /** True if the user's Codex may keep its login in the keyring of the operating system. */
  readonly usesKeyring: boolean;
  /** The default model, or '' if there is none. */
  readonly model: string;
  /** True if the provider's models are not configured, but assumed from Codex's catalog. */
  readonly modelsAreGuessed: boolean;
  /** Aliases of models that do not exist. */
  readonly missingTargets: readonly MissingTarget[];
}

export interface DescriptionSources {
  readonly codex: CodexSetUp;
  readonly settings: Settings;
  readonly login: Login;
  /** All models, hidden ones included. */
  readonly models: readonly Model[];
}

export function describeGateway({ codex, settings, login, models }: DescriptionSources): GatewayDescription {
  const { binary, provider, user } = codex.engineOptions;
  return {
    codex: binary,
    provider: provider.id,
    login,
    usesKeyring: usesKeyring(user),
    model: defaultModel(models.filter((model) => model.isListed)) ?? '',
    modelsAreGuessed: codex.modelsAreGuessed,
    missingTargets: findMissing(codex, settings, models),
  };
}

/** Returns aliases of models that do not exist; only Codex's own catalog shows that. */
function findMissing(
  { engineOptions }: CodexSetUp,
  { models: entries }: Settings,
  models: readonly Model[],
): MissingTarget[] {
  if (engineOptions.provider.id !== 'openai') return [];
  const known = models.filter((model) => model.contextLength !== null);
  return findMissingTargets(entries, new Set(known.map(({ id, aliasOf }) => aliasOf ?? id)));
}
