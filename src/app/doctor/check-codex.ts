import { StartupError } from '../../base/errors.ts';
import { refuseOwnAddress, type CodexSetUp } from '../codex/codex-setup.ts';
import type { Status } from '../codex/status.ts';
import type { Environment, Settings } from '../config/config.ts';
import { findMissingTargets } from '../config/missing-targets.ts';
import type { OwnCommand } from '../config/own-command.ts';
import type { ListedModel } from '../inquiries/list-models.ts';
import type { LoginFacts } from './codex-facts.ts';
import type { CheckResult } from './run-check.ts';

export interface ProviderCheck {
  readonly codex: CodexSetUp;
  readonly settings: Settings;
  readonly environment: Environment;
  /** Status of the running gateway, which has its own environment. */
  readonly status: Status | undefined;
}

/** Checks that the provider is declared, is not the gateway itself, and has its key. */
export function checkProvider({ codex, settings, environment, status }: ProviderCheck): string {
  refuseOwnAddress(codex, settings.port);
  const { id, config } = codex.engineOptions.provider;
  const key = config.env_key;
  if (!status && key !== undefined && !environment[key]) {
    throw new StartupError(`the provider '${id}' takes its key from ${key}, which is not set; export it.`);
  }
  if (status && status.provider !== id) {
    throw new StartupError(
      `the running gateway serves the provider '${status.provider}', but '${id}' is configured; restart it.`,
    );
  }
  if (id === 'openai' || settings.models.length > 0) return id;
  return `${id}; Codex lists only OpenAI's models, so name this provider's under "models" in the config file`;
}

export interface LoginCheck {
  readonly login: LoginFacts;
  readonly engineOptions: CodexSetUp['engineOptions'];
  /** True if the login may be in the keyring, where only Codex's own home finds it. */
  readonly usesKeyring: boolean;
  readonly command: OwnCommand;
  /** Resolves to true if models of GitHub Copilot can be used, which need no login of Codex. */
  hasCopilot(): Promise<boolean>;
}

const KEYRING =
  ', or its login is in the keyring of the operating system, which is tied to its own CODEX_HOME (cli_auth_credentials_store)';

/** Reports which account pays for turns, without showing a key. */
export async function checkLogin(options: LoginCheck): Promise<CheckResult> {
  const { login, engineOptions, usesKeyring, command, hasCopilot } = options;
  const { type, account, plan } = login;
  const { env_key: key } = engineOptions.provider.config;
  switch (type) {
    case 'account':
      return plan === null
        ? `signed in with ${account === 'API key' ? 'an API key' : account}`
        : `signed in with ChatGPT as ${account} (${plan})`;
    case 'not-needed':
      return `the provider needs no OpenAI account${key === undefined ? '' : `; its key is taken from ${key}`}`;
    case 'signed-out': {
      const problem = `Codex is not signed in${usesKeyring ? KEYRING : ''}`;
      if (await hasCopilot()) {
        return {
          note: `${problem}: only models of GitHub Copilot answer until you run \`${command.usual} login\``,
        };
      }
      throw new StartupError(`${problem}; run \`${command.usual} login\`.`);
    }
    case 'unknown':
      throw new StartupError(
        `the account cannot be read; check that this machine is online, or sign in again with \`${command.usual} login\`.`,
      );
  }
}

export interface ModelsCheck {
  readonly settings: Settings;
  readonly provider: string;
  /** Codex's models, hidden ones included. */
  readonly models: readonly ListedModel[];
  /** Ids that the provider itself lists, if it does. */
  readonly listed: ReadonlySet<string> | undefined;
}

/** Checks that aliases name existing models, as far as Codex's catalog or the provider's own list shows. */
export function checkModels({ settings, provider, models, listed }: ModelsCheck): string {
  const existing = provider === 'openai' ? knownModels(models) : listed;
  const shown = models.filter(({ hidden }) => !hidden);
  const usual = shown.find((model) => model.is_default)?.id;
  const count = `${shown.length} ${shown.length === 1 ? 'model' : 'models'}, ${usual} by default`;
  if (existing === undefined) return count;
  const [missing] = findMissingTargets(settings.models, existing);
  if (missing === undefined) return count;
  throw new StartupError(
    `the alias '${missing.id}' names the model '${missing.model}', which does not exist; correct "models" in ${settings.configPath}.`,
  );
}

/** Returns the ids in the catalog. A model without a context length is known from the config file only. */
function knownModels(models: readonly ListedModel[]): ReadonlySet<string> {
  const known = models.filter((model) => typeof model.context_length === 'number');
  return new Set(known.map(({ id, alias_of: target }) => target ?? id));
}
