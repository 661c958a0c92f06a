import { join } from 'node:path';
import { isJsonObject } from '../../base/json.ts';
import { readToml } from './read-toml.ts';

type Table = Readonly<Record<string, unknown>>;

/** Effects on turns of the machine's own Codex configuration, which every Codex reads in addition to its CODEX_HOME. */
export interface SystemConfig {
  /** Entries that switch off its MCP servers, by name. */
  readonly mcpServers: Table;
  /** Entries that switch off its features, by name. */
  readonly features: Table;
  /** Keys that still reach a turn, such as `requirements.toml: model_provider`: they override every setting of the gateway. */
  readonly leftovers: readonly string[];
}

/** Folder and files of the machine's configuration. */
export const SYSTEM_FOLDER = '/etc/codex';
const FILES = ['config.toml', 'managed_config.toml', 'requirements.toml'] as const;

export function systemFiles(folder: string): string[] {
  return FILES.map((name) => join(folder, name));
}

/** Keys that reach a turn because the gateway cannot override them. */
const LEFTOVERS: Readonly<Record<(typeof FILES)[number], readonly string[]>> = {
  // These apply to a turn that sets none of them; everything else in this file is overridden.
  'config.toml': [
    'model_reasoning_effort',
    'model_reasoning_summary',
    'model_verbosity',
    'responses_api_metadata',
  ],
  'managed_config.toml': [
    'compact_prompt',
    'hooks',
    'include_apps_instructions',
    'include_collaboration_mode_instructions',
    'include_environment_context',
    'include_permissions_instructions',
    'model_auto_compact_token_limit',
    'model_catalog_json',
    'model_context_window',
    'model_reasoning_effort',
    'model_reasoning_summary',
    'model_verbosity',
    'notify',
    'otel',
    'responses_api_metadata',
    'service_tier',
    'skills',
    'tools',
    'web_search',
  ],
  'requirements.toml': [
    'additional_developer_instructions',
    'allowed_permission_profiles',
    'chatgpt_base_url',
    'enforce_residency',
    'hooks',
    'model_catalog_json',
    'model_provider',
    'model_providers',
    'otel',
  ],
};

/** Reads the three files. Rejects with a `StartupError` for one that cannot be read, as nothing in it could be switched off. */
export async function readSystemConfig(folder: string): Promise<SystemConfig> {
  const [config, managed, requirements] = await Promise.all(systemFiles(folder).map(readToml));
  const servers = { ...tableAt(config, 'mcp_servers'), ...tableAt(managed, 'mcp_servers') };
  return {
    mcpServers: Object.fromEntries(
      Object.entries(servers).map(([name, server]) => [name, switchedOff(server)]),
    ),
    features: Object.fromEntries(switchedOn(config).map((name) => [name, false])),
    leftovers: [
      ...leftoversOf('config.toml', config!),
      ...leftoversOf('managed_config.toml', managed!),
      ...forcedServers(managed!).map((name) => `managed_config.toml: mcp_servers.${name}`),
      ...switchedOn(managed).map((name) => `managed_config.toml: features.${name}`),
      ...leftoversOf('requirements.toml', requirements!),
      ...switchedOn(requirements).map((name) => `requirements.toml: features.${name}`),
    ],
  };
}

function leftoversOf(file: (typeof FILES)[number], table: Table): string[] {
  return LEFTOVERS[file].filter((key) => key in table).map((key) => `${file}: ${key}`);
}

/** Returns an entry that is switched off. Codex checks each file alone, so it needs an address of the same kind as the server's. */
function switchedOff(server: unknown): Table {
  const remote = typeof server === 'object' && server !== null && 'url' in server;
  return { ...(remote ? { url: 'http://127.0.0.1:9' } : { command: '/bin/false' }), enabled: false };
}

function forcedServers(managed: Table): string[] {
  return Object.entries(tableAt(managed, 'mcp_servers'))
    .filter(([, server]) => (server as { enabled?: unknown }).enabled === true)
    .map(([name]) => name);
}

function switchedOn(table: Table | undefined): string[] {
  return Object.entries(tableAt(table, 'features'))
    .filter(([, feature]) => feature !== false)
    .map(([name]) => name);
}

function tableAt(table: Table | undefined, key: string): Table {
  const value = table?.[key];
  return isJsonObject(value) ? value : {};
}
