import { join } from 'node:path';
import { isJsonObject } from '../../base/json.ts';
import { readToml } from './read-toml.ts';

type Table = Readonly<Record<string, unknown>>;

/** What a machine's own Codex set-up, which is read whatever CODEX_HOME is, means for a turn. */
export interface SystemConfig {
  /** Entries that switch its MCP servers off, by name. */
  readonly mcpServers: Table;
  /** Entries that switch its features off, by name. */
  readonly features: Table;
  /** What would still reach a turn, such as `requirements.toml: model_provider`: it goes before every setting of ours. */
  readonly leftovers: readonly string[];
}

/** Where Codex looks, and what it reads there. */
export const SYSTEM_FOLDER = '/etc/codex';
const FILES = ['config.toml', 'managed_config.toml', 'requirements.toml'] as const;

export function systemFiles(folder: string): string[] {
  return FILES.map((name) => join(folder, name));
}

/** Keys that reach a turn, in files that go before ours. */
const LEFTOVERS: Readonly<Record<(typeof FILES)[number], readonly string[]>> = {
  // A turn that asks for neither is sent these; all else of this file is overruled.
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

/** Reads the three files; throws a `StartupError` for one that cannot be read, since nothing of it could be switched off. */
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

/** Each file is checked alone, so an entry needs a way to its server, of the same kind, although it is off. */
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
