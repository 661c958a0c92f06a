import type { Provider } from './provider.ts';
import type { UserConfig } from './user-config.ts';

/** The provider's id in the child's configuration; the user's own may be a reserved one. */
const CHILD_PROVIDER = 'gateway';

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
  analytics: { enabled: false },
  thread_unload_delay_secs: 0,
  features: { unbounded_connection_retries: false },
} as const;

export interface LeanConfigOptions {
  readonly provider: Provider;
  readonly user: UserConfig;
  readonly catalogPath: string;
  /** Seconds without an event from the provider after which Codex ends the turn. */
  readonly idleSeconds: number;
}

/** The child's whole `config.toml`, as a value. */
export function leanConfig({ provider, user, catalogPath, idleSeconds }: LeanConfigOptions): object {
  const { chatgpt_base_url, cli_auth_credentials_store, forced_login_method, forced_chatgpt_workspace_id } =
    user;
  return withoutUndefined({
    ...BARE,
    ...DIRECT,
    features: { ...BARE.features, ...DIRECT.features, ...withoutUndefined(user.features ?? {}) },
    chatgpt_base_url,
    cli_auth_credentials_store,
    forced_login_method,
    forced_chatgpt_workspace_id,
    model_catalog_json: catalogPath,
    model_provider: CHILD_PROVIDER,
    model_providers: {
      [CHILD_PROVIDER]: {
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

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}
