import { withoutUndefined } from '../../base/without-undefined.ts';
import { UNLIMITED } from '../home/catalog.ts';
import type { HomePaths } from '../home/private-home.ts';
import type { Provider } from '../home/provider.ts';
import type { SystemConfig } from '../home/system-config.ts';
import type { UserConfig } from '../home/user-config.ts';

/**
 * Every source of prompt text and every tool that Codex brings, switched off. Each key was seen to matter, or to guard
 * a home that is not clean.
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

/** One request upstream a turn, and threads that unload as soon as they are let go. */
const DIRECT = {
  model_context_window: UNLIMITED,
  model_auto_compact_token_limit: UNLIMITED,
  service_tier: 'default',
  analytics: { enabled: false },
  thread_unload_delay_secs: 0,
  features: { unbounded_connection_retries: false },
} as const;

export interface LeanConfigOptions {
  readonly provider: Provider;
  /** The provider's id in the child's configuration: the user's own may be a reserved one. */
  readonly modelProvider: string;
  readonly user: UserConfig;
  readonly system: SystemConfig;
  readonly home: HomePaths;
  /** Seconds without an event from the provider after which Codex ends the turn. */
  readonly idleSeconds: number;
}

/** The child's whole `config.toml`, as a value. */
export function leanConfig(options: LeanConfigOptions): object {
  const { provider, modelProvider, user, system, home, idleSeconds } = options;
  const { chatgpt_base_url, forced_login_method, forced_chatgpt_workspace_id } = user;
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
    // Any other store is bound to one CODEX_HOME, and would take the login out of the user's file when it is refreshed.
    cli_auth_credentials_store: 'file',
    forced_login_method,
    forced_chatgpt_workspace_id,
    model_catalog_json: home.catalogPath,
    // The machine's set-up may name a place where others keep theirs.
    sqlite_home: home.path,
    model_provider: modelProvider,
    model_providers: {
      [modelProvider]: {
        name: provider.id,
        ...withoutUndefined(provider.config),
        // A retry replays text that was already sent, and a WebSocket falls back to HTTP the same way.
        supports_websockets: false,
        request_max_retries: 0,
        stream_max_retries: 0,
        stream_idle_timeout_ms: Math.ceil(idleSeconds * 1000),
      },
    },
  });
}
