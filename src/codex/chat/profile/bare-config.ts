import { withoutUndefined } from '../../../base/json.ts';
import type { Initiator } from '../../../conversation/turn.ts';
import type { HomePaths } from '../../home/private-home.ts';
import type { Provider } from '../../home/provider.ts';
import type { SystemConfig } from '../../home/system-config.ts';
import type { ProviderConfig, UserConfig } from '../../home/user-config.ts';
import { providerIdFor } from './transport.ts';
import { UNLIMITED } from './bare-catalog.ts';

/**
 * Switches off every source of prompt text and every tool that Codex brings. Each key has been seen to matter, or protects
 * against a home that is not clean.
 */
const BARE = {
  notify: [],
  web_search: 'disabled',
  project_doc_max_bytes: 0,
  include_permissions_instructions: false,
  include_apps_instructions: false,
  include_collaboration_mode_instructions: false,
  include_environment_context: false,
  skills: { include_instructions: false, bundled: { enabled: false } },
  tools: { experimental_request_user_input: { enabled: false } },
  agents: { enabled: false },
  otel: { exporter: 'none', trace_exporter: 'none', metrics_exporter: 'none', log_user_prompt: false },
  features: {
    shell_tool: false,
    multi_agent: false,
    goals: false,
    view_image: false,
    apps: false,
    plugins: false,
    hooks: false,
    memories: false,
    image_generation: false,
  },
} as const;

/** Makes each turn one request upstream, and unloads threads as soon as they are released. */
const DIRECT = {
  model_context_window: UNLIMITED,
  model_auto_compact_token_limit: UNLIMITED,
  service_tier: 'default',
  analytics: { enabled: false },
  thread_unload_delay_secs: 0,
  features: { unbounded_connection_retries: false },
} as const;

export interface BareConfigOptions {
  readonly provider: Provider;
  /** Id of the provider in the child's configuration: the user's own id may be a reserved one. */
  readonly modelProvider: string;
  /** Id of the same provider by WebSocket; without it, Codex opens none. */
  readonly webSocketProvider?: string | undefined;
  readonly user: UserConfig;
  readonly system: SystemConfig;
  readonly home: HomePaths;
  /** Seconds without an event from the provider after which Codex ends the turn. */
  readonly idleDeadlineSeconds: number;
}

/** Returns the entries of a provider that gets to know who has caused a turn: Codex sends headers by provider, not by turn. */
function entriesByInitiator(
  entry: ProviderConfig,
  { provider: { initiatorHeader }, modelProvider }: BareConfigOptions,
): { [id: string]: object } {
  if (initiatorHeader === undefined) return {};
  const entryFor = (initiator: Initiator) => ({
    ...entry,
    http_headers: { ...entry.http_headers, [initiatorHeader]: initiator },
  });
  const initiators = ['user', 'agent'] as const;
  return Object.fromEntries(initiators.map((one) => [providerIdFor(modelProvider, one), entryFor(one)]));
}

/** Returns the child's whole `config.toml`, as a value. */
export function bareConfig(options: BareConfigOptions): object {
  const { provider, modelProvider, webSocketProvider, user, system, home, idleDeadlineSeconds } = options;
  const { chatgpt_base_url, forced_login_method, forced_chatgpt_workspace_id } = user;
  const entry = {
    name: provider.id,
    ...withoutUndefined(provider.config),
    supports_websockets: false,
    // A retry repeats text that was already sent.
    request_max_retries: 0,
    stream_max_retries: 0,
    stream_idle_timeout_ms: Math.ceil(idleDeadlineSeconds * 1000),
  };
  return withoutUndefined({
    ...BARE,
    ...DIRECT,
    features: {
      ...system.features,
      ...BARE.features,
      ...DIRECT.features,
      ...withoutUndefined(user.features ?? {}),
    },
    mcp_servers: system.mcpServers,
    chatgpt_base_url,
    // Any other store is bound to one CODEX_HOME, and would remove the login from the user's file on a refresh.
    cli_auth_credentials_store: 'file',
    forced_login_method,
    forced_chatgpt_workspace_id,
    model_catalog_json: home.catalogPath,
    // The machine's configuration may name a folder that others use.
    sqlite_home: home.path,
    model_provider: modelProvider,
    model_providers: {
      [modelProvider]: entry,
      ...(webSocketProvider !== undefined && {
        [webSocketProvider]: { ...entry, supports_websockets: true },
      }),
      ...entriesByInitiator(entry, options),
    },
  });
}
