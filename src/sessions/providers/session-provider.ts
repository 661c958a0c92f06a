import { GatewayError } from '../../base/errors.ts';
import type { AgentProvider } from '../../conversation/ports/agent.ts';

export const PROVIDERS = [
  'openai',
  'ollama',
  'vllm',
  'openai_compatible',
  'osirus',
  'osirus_agent',
  'copilot',
] as const;

export type ProviderName = (typeof PROVIDERS)[number];

export const AUTH_MODES = ['chatgpt', 'api_key', 'none'] as const;

export type AuthMode = (typeof AUTH_MODES)[number];

/** The provider of a session. It has no key, so that it may be stored and shown. */
export interface SessionProvider {
  readonly name: ProviderName;
  readonly authMode: AuthMode;
  /** As it was given; empty for the provider's own. */
  readonly baseUrl: string;
}

/** The provider of the user's own Codex. */
export const OWN_PROVIDER: SessionProvider = { name: 'openai', authMode: 'chatgpt', baseUrl: '' };

interface ProviderFacts {
  /** The first one holds unless another one of them is chosen. */
  readonly authModes: readonly [AuthMode, ...AuthMode[]];
  readonly baseUrl?: string;
  /** The tools with which its models edit files: Codex's own, or those that each model happens to know. */
  readonly tools: 'native_tools' | 'model_tools';
}

export const PROVIDER_FACTS: Readonly<Record<ProviderName, ProviderFacts>> = {
  openai: {
    authModes: ['chatgpt', 'api_key'],
    baseUrl: 'https://api.openai.com/v1',
    tools: 'native_tools',
  },
  ollama: { authModes: ['none'], baseUrl: 'http://127.0.0.1:11434/v1', tools: 'model_tools' },
  vllm: { authModes: ['none', 'api_key'], tools: 'model_tools' },
  openai_compatible: { authModes: ['none', 'api_key'], tools: 'model_tools' },
  osirus: { authModes: ['none', 'api_key'], tools: 'model_tools' },
  osirus_agent: { authModes: ['api_key'], tools: 'model_tools' },
  copilot: { authModes: ['none'], tools: 'model_tools' },
};

/** Returns the auth mode that a provider has; without a wish, one with a key if there is a key for it. */
export function authModeOf(name: ProviderName, wished: AuthMode | undefined, hasKey: boolean): AuthMode {
  const { authModes } = PROVIDER_FACTS[name];
  const wanted = wished ?? (hasKey ? 'api_key' : undefined);
  return wanted !== undefined && authModes.includes(wanted) ? wanted : authModes[0];
}

/** Returns true for the provider of the user's own configuration, with the user's own login. */
export function isOwnProvider({ name, authMode }: SessionProvider): boolean {
  return name === 'openai' && authMode === 'chatgpt';
}

/** Returns the provider for a thread. Throws if its key or its base URL is missing. */
export function toAgentProvider(choice: SessionProvider, key: string | undefined): AgentProvider {
  const { name, authMode } = choice;
  const baseUrl = baseUrlOf(choice);
  if (authMode !== 'api_key') return { id: name, baseUrl };
  if (key === undefined) throw missingKey();
  return { id: name, baseUrl, key };
}

/** Returns the base URL with a version at its end. */
function baseUrlOf({ name, baseUrl }: SessionProvider): string {
  const given = baseUrl === '' ? PROVIDER_FACTS[name].baseUrl : baseUrl;
  if (given === undefined) {
    const param = 'provider_api_base_url';
    throw new GatewayError(
      'missing_parameter',
      `'${param}' is missing: ${name} has no base URL of its own.`,
      {
        param,
      },
    );
  }
  const url = new URL(given);
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = /\/v\d+$/i.test(path) ? path : `${path}/v1`;
  return url.href;
}

function missingKey(): GatewayError {
  return new GatewayError(
    'provider_key_missing',
    "The key of this session's provider is not known: send it as 'provider_api_key'. Keys are kept in memory only.",
    { param: 'provider_api_key' },
  );
}
