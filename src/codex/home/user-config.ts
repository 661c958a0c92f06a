import { join } from 'node:path';
import type { TomlTable, TomlValue } from 'smol-toml';
import { z } from 'zod';
import { describeIssue } from '../../base/describe-issue.ts';
import { StartupError } from '../../base/errors.ts';
import { readToml } from './read-toml.ts';

const text = z.string();
const texts = z.record(text, text);

/**
 * An entry of `model_providers`: every key of Codex except those for retries and transport, which the gateway sets itself.
 * Other keys are dropped.
 */
const providerSchema = z.object({
  name: text.optional(),
  base_url: text.optional(),
  env_key: text.optional(),
  env_key_instructions: text.optional(),
  experimental_bearer_token: text.optional(),
  auth: z.record(text, z.unknown()).optional(),
  gateway_oauth: z.record(text, z.unknown()).optional(),
  wire_api: text.optional(),
  query_params: texts.optional(),
  http_headers: texts.optional(),
  env_http_headers: texts.optional(),
  requires_openai_auth: z.boolean().optional(),
});

/** The keys of the user's `config.toml` that select the provider, the model and the login. No other key is read. */
const userConfigSchema = z.object({
  model: text.optional(),
  model_provider: text.optional(),
  model_providers: z.record(text, providerSchema).optional(),
  openai_base_url: text.optional(),
  chatgpt_base_url: text.optional(),
  cli_auth_credentials_store: text.optional(),
  forced_login_method: text.optional(),
  forced_chatgpt_workspace_id: z.union([text, z.array(text)]).optional(),
  features: z.object({ respect_system_proxy: z.boolean().optional() }).optional(),
});

export type ProviderConfig = z.output<typeof providerSchema>;
export type UserConfig = z.output<typeof userConfigSchema>;

/** Returns true if logins may be in the keyring of the operating system, which is bound to this very CODEX_HOME. */
export function usesKeyring({ cli_auth_credentials_store: store }: UserConfig): boolean {
  return store === 'keyring' || store === 'auto';
}

/**
 * Reads the configuration of the user's Codex: the `config.toml` of its CODEX_HOME over that of the machine, merged table by
 * table as Codex does. A missing file is empty.
 */
export async function readUserConfig(codexHome: string, systemFolder: string): Promise<UserConfig> {
  const paths = [systemFolder, codexHome].map((folder) => join(folder, 'config.toml'));
  const layers = await Promise.all(paths.map(readLayer));
  return userConfigSchema.parse(layers.reduce(mergeTables, {}));
}

async function readLayer(path: string): Promise<TomlTable> {
  const table = await readToml(path);
  const result = userConfigSchema.safeParse(table);
  if (result.success) return table;
  // The message names the key, never the value: a provider's table contains secrets.
  const { param, problem } = describeIssue(result.error.issues[0]!);
  throw new StartupError(`Codex's own ${path} cannot be used: ${param}: ${problem}. Correct it there.`);
}

function mergeTables(below: TomlTable, above: TomlTable): TomlTable {
  const merged = Object.entries(above).map(([key, value]) => {
    const other = Object.hasOwn(below, key) ? below[key] : undefined;
    return [key, isTable(value) && isTable(other) ? mergeTables(other, value) : value] as const;
  });
  return { ...below, ...Object.fromEntries(merged) };
}

function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
}
