import { StartupError } from '../base/errors.ts';
import type { ProviderConfig, UserConfig } from './user-config.ts';

/** The one provider that the child knows. */
export interface Provider {
  /** The user's own id, `openai` for Codex's default. */
  readonly id: string;
  readonly config: ProviderConfig;
}

/**
 * Codex's built-in OpenAI provider, written out: under its reserved id the retries could not be switched off. Without a
 * base URL Codex chooses OpenAI's API or ChatGPT's by the login.
 */
function openaiProvider(user: UserConfig): ProviderConfig {
  return {
    name: 'OpenAI',
    wire_api: 'responses',
    requires_openai_auth: true,
    env_http_headers: { 'OpenAI-Organization': 'OPENAI_ORGANIZATION', 'OpenAI-Project': 'OPENAI_PROJECT' },
    ...(user.openai_base_url !== undefined && { base_url: user.openai_base_url }),
  };
}

const RESERVED = new Set(['ollama', 'lmstudio', 'amazon-bedrock', 'amazon-bedrock-runtime']);

/** The provider that the user's Codex would use. */
export function selectProvider(user: UserConfig): Provider {
  const id = user.model_provider ?? 'openai';
  if (id === 'openai') return { id, config: openaiProvider(user) };
  const config = user.model_providers?.[id];
  if (config !== undefined && !RESERVED.has(id)) return { id, config };
  throw new StartupError(
    RESERVED.has(id)
      ? `Codex's built-in provider '${id}' cannot be used; declare it in config.toml under model_providers with an id of your own.`
      : `config.toml selects the provider '${id}', which it does not declare; add [model_providers.${id}].`,
  );
}

/** Names of the environment variables that the provider's entry refers to. */
export function variablesOf({ config }: Provider): string[] {
  return [config.env_key, ...Object.values(config.env_http_headers ?? {})].filter(
    (name) => name !== undefined,
  );
}
