import { didYouMean } from '../../base/closest.ts';
import { StartupError } from '../../base/errors.ts';
import type { ProviderConfig, UserConfig } from './user-config.ts';

/** The only provider in the child's configuration. */
export interface Provider {
  /** The user's id of it, `openai` for Codex's default. */
  readonly id: string;
  readonly config: ProviderConfig;
  /** Header in which the provider gets to know who has caused a turn. */
  readonly initiatorHeader?: string | undefined;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The entries of Codex's built-in providers: under their reserved ids the retries could not be switched off. Without a base
 * URL Codex chooses OpenAI's API or ChatGPT's by the login.
 */
const BUILT_IN: Readonly<Record<string, (user: UserConfig, variables: Variables) => ProviderConfig>> = {
  openai: (user) => ({
    name: 'OpenAI',
    wire_api: 'responses',
    requires_openai_auth: true,
    env_http_headers: { 'OpenAI-Organization': 'OPENAI_ORGANIZATION', 'OpenAI-Project': 'OPENAI_PROJECT' },
    ...(user.openai_base_url !== undefined && { base_url: user.openai_base_url }),
  }),
  ollama: (_user, variables) => localProvider('Ollama', '11434', variables),
  lmstudio: (_user, variables) => localProvider('LM Studio', '1234', variables),
};

/** Returns the entry of a server of open models, on this machine unless Codex's own variables name another. */
function localProvider(name: string, port: string, variables: Variables): ProviderConfig {
  const { CODEX_OSS_BASE_URL: url, CODEX_OSS_PORT: ownPort = '' } = variables;
  const base = `http://localhost:${/^\d+$/.test(ownPort) ? ownPort : port}/v1`;
  return { name, wire_api: 'responses', base_url: url || base, requires_openai_auth: false };
}

/** Providers whose requests Codex signs by AWS's rules, without settings for retries. */
const BEDROCK = ['amazon-bedrock', 'amazon-bedrock-runtime'];

/** Returns the requested provider, or else the one that the user's Codex would use. Throws a `StartupError` if it cannot serve. */
export function selectProvider(
  user: UserConfig,
  requested: string | undefined,
  variables: Variables,
  /** Path of the user's `config.toml`. */
  configPath = "Codex's config.toml",
): Provider {
  const id = requested ?? user.model_provider ?? 'openai';
  const source = requested === undefined ? "Codex's config.toml" : "The gateway's config";
  if (BEDROCK.includes(id)) {
    throw new StartupError(
      `${source} selects '${id}', for which the gateway cannot turn off Codex's retries; select another provider.`,
    );
  }
  const builtIn = ownEntry(BUILT_IN, id);
  if (builtIn !== undefined) return { id, config: builtIn(user, variables) };
  const config = ownEntry(user.model_providers ?? {}, id);
  if (config !== undefined) return { id, config: checkDeclared(id, config) };
  const suggestion = didYouMean(id, [...Object.keys(BUILT_IN), ...Object.keys(user.model_providers ?? {})]);
  throw new StartupError(
    `${source} selects the provider '${id}', which ${configPath} does not declare; add [model_providers.${id}] there.${suggestion}`,
  );
}

function checkDeclared(id: string, config: ProviderConfig): ProviderConfig {
  if (config.base_url === undefined && config.requires_openai_auth !== true) {
    throw new StartupError(
      `The provider '${id}' has no base_url, and Codex would ask OpenAI instead; add one to [model_providers.${id}].`,
    );
  }
  if (config.gateway_oauth?.['authorization_url'] === undefined) return config;
  throw new StartupError(
    `The provider '${id}' uses gateway_oauth, whose login works only in Codex's own CODEX_HOME; give it an env_key, ` +
      'or a gateway_oauth.credential_export.',
  );
}

function ownEntry<T>(entries: Readonly<Record<string, T>>, id: string): T | undefined {
  return Object.hasOwn(entries, id) ? entries[id] : undefined;
}

/** Returns the names of the environment variables that the provider's entry refers to. */
export function variablesOf({ config }: Provider): string[] {
  return [config.env_key, ...Object.values(config.env_http_headers ?? {})].filter(
    (name) => name !== undefined,
  );
}
