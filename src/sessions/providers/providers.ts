import { GatewayError } from '../../base/errors.ts';
import type { AgentProvider } from '../../conversation/ports/agent.ts';
import {
  authModeOf,
  isOwnProvider,
  OWN_PROVIDER,
  toAgentProvider,
  type AuthMode,
  type SessionProvider,
  type ProviderName,
} from './session-provider.ts';

/** The fields of a request that choose a provider. */
export interface ProviderFields {
  readonly name: ProviderName | undefined;
  readonly authMode: AuthMode | undefined;
  readonly baseUrl: string;
  readonly key: string | undefined;
}

/** Choices for the sessions of one caller that make none of their own. */
interface RuntimeConfig {
  readonly provider: SessionProvider;
  /** Empty for the model of the user's own configuration. */
  readonly model: string;
  /** The real path of a folder below a root. */
  readonly workspace: string;
}

interface RuntimeConfigFields extends ProviderFields, Pick<RuntimeConfig, 'model' | 'workspace'> {}

/** The session whose provider is meant. */
interface ProviderUser {
  readonly id: string;
  readonly owner: string;
  readonly provider: SessionProvider;
}

/** The providers of all sessions. Keys are kept here alone, in memory, and are never read back. */
export interface Providers {
  /** The choices of callers that have made none. */
  readonly initial: RuntimeConfig;
  /** Returns the choices of a caller, which nobody else shares. */
  configOf(owner: string): RuntimeConfig;
  hasKey(owner: string): boolean;
  /** Replaces the choices of a caller. Returns true if anything has changed. */
  configure(owner: string, fields: RuntimeConfigFields): boolean;
  /** Returns the provider of a new session, and keeps its key. Throws if it cannot be used as it is. */
  choose(session: Omit<ProviderUser, 'provider'>, fields: ProviderFields): Promise<SessionProvider>;
  /** Keeps another key for a session. */
  giveKey(sessionId: string, key: string): void;
  /** Gives a session the key of another one. */
  copyKey(fromId: string, toId: string): void;
  /** Forgets the key of a session. */
  forget(sessionId: string): void;
  /** Resolves to the provider for a session's thread; undefined for the one of the user's own configuration. */
  resolve(session: ProviderUser): Promise<AgentProvider | undefined>;
}

export interface ProvidersOptions {
  /** The workspace of sessions that name none. */
  readonly workspace: string;
  /** Resolves to the way to GitHub Copilot; undefined if nobody is signed in there. */
  findCopilot(): Promise<Required<Pick<AgentProvider, 'baseUrl' | 'key'>> | undefined>;
}

export function createProviders({ workspace, findCopilot }: ProvidersOptions): Providers {
  const initial: RuntimeConfig = { provider: OWN_PROVIDER, model: '', workspace };
  const configs = new Map<string, { readonly config: RuntimeConfig; readonly key: string | undefined }>();
  const keys = new Map<string, string>();

  const configOf = (owner: string) => configs.get(owner)?.config ?? initial;

  /** Returns the key of a session. It is sent only to the provider for which it was given. */
  function keyOf({ id, owner, provider }: ProviderUser): string | undefined {
    const own = keys.get(id);
    if (own !== undefined) return own;
    return isSame(provider, configOf(owner).provider) ? configs.get(owner)?.key : undefined;
  }

  async function resolve(session: ProviderUser): Promise<AgentProvider | undefined> {
    const { provider } = session;
    if (isOwnProvider(provider)) return undefined;
    if (provider.name !== 'copilot') return toAgentProvider(provider, keyOf(session));
    const found = await findCopilot();
    if (found === undefined)
      throw new GatewayError('copilot_signed_out', 'Nobody is signed in to GitHub Copilot on this machine.');
    return { id: 'copilot', ...found };
  }

  return {
    initial,
    configOf,
    hasKey: (owner) => configs.get(owner)?.key !== undefined,
    configure(owner, fields) {
      const { model, workspace: folder, key } = fields;
      const config = { provider: choiceOf(fields), model, workspace: folder };
      const before = { config: configOf(owner), key: configs.get(owner)?.key };
      configs.set(owner, { config, key });
      return JSON.stringify(before) !== JSON.stringify({ config, key });
    },
    async choose(session, fields) {
      const provider = choiceBeside(configOf(session.owner).provider, fields);
      if (isOwnProvider(provider) && fields.baseUrl !== '') throw unusedBaseUrl();
      if (fields.key !== undefined) keys.set(session.id, fields.key);
      try {
        await resolve({ ...session, provider });
      } catch (error) {
        keys.delete(session.id);
        throw error;
      }
      return provider;
    },
    giveKey: (sessionId, key) => void keys.set(sessionId, key),
    copyKey(fromId, toId) {
      const key = keys.get(fromId);
      if (key !== undefined) keys.set(toId, key);
    },
    forget: (sessionId) => void keys.delete(sessionId),
    resolve,
  };
}

function choiceOf({ name = 'openai', authMode, baseUrl, key }: ProviderFields): SessionProvider {
  return { name, authMode: authModeOf(name, authMode, key !== undefined), baseUrl };
}

/** Returns the provider that a session chooses; what it leaves out is as usual if it is the usual one. */
function choiceBeside(usual: SessionProvider, fields: ProviderFields): SessionProvider {
  const chosen = choiceOf({ ...fields, name: fields.name ?? usual.name });
  if (chosen.name !== usual.name) return chosen;
  const isModeUsual = fields.authMode === undefined && fields.key === undefined;
  return {
    name: chosen.name,
    authMode: isModeUsual ? usual.authMode : chosen.authMode,
    baseUrl: chosen.baseUrl === '' ? usual.baseUrl : chosen.baseUrl,
  };
}

function unusedBaseUrl(): GatewayError {
  const param = 'provider_api_base_url';
  const problem = "the login of your own Codex goes to no other URL; name another 'runtime_provider'";
  return new GatewayError('invalid_value', `Invalid '${param}': ${problem}.`, { param });
}

function isSame(one: SessionProvider, other: SessionProvider): boolean {
  return one.name === other.name && one.authMode === other.authMode && one.baseUrl === other.baseUrl;
}
