import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '../../base/errors.ts';
import { codexHomePath, type Environment } from '../config/config.ts';
import { makePrivateFolder, writePrivateFile } from '../files/private-files.ts';

/** The facts that a profile of Codex CLI needs. */
export interface ProfileFacts {
  /** Origin of the gateway, such as `http://127.0.0.1:8000`. */
  readonly origin: string;
  readonly model: string;
  /** Program and arguments that print the gateway's token. */
  readonly tokenCommand: readonly [program: string, ...args: string[]];
}

/** Formats the profile with which Codex CLI uses the adapter. It contains no secret. */
export function formatProfile({ origin, model, tokenCommand: [program, ...args] }: ProfileFacts): string {
  return `# Codex CLI with GitHub Copilot: codex --profile copilot
model_provider = "copilot"
model = ${quote(model)}
web_search = "disabled"

[model_providers.copilot]
name = "GitHub Copilot via codex-gateway"
base_url = ${quote(`${origin}/copilot/v1`)}
wire_api = "responses"
requires_openai_auth = false
supports_websockets = false
request_max_retries = 4
stream_max_retries = 5
stream_idle_timeout_ms = 300000

[model_providers.copilot.auth]
command = ${quote(program)}
args = [${args.map(quote).join(', ')}]
refresh_interval_ms = 240000
`;
}

/** Quotes a text as a JSON string, which is also one of TOML. */
const quote = (text: string) => JSON.stringify(text);

/**
 * Writes the profile into CODEX_HOME, which is made if it is missing, and resolves to its path; `isNew` is false if the same
 * file was there. Rejects with a `StartupError` if another one is there.
 */
export async function writeProfile(
  profile: string,
  environment: Environment,
): Promise<{ readonly path: string; readonly isNew: boolean }> {
  const folder = codexHomePath(environment);
  const path = join(folder, 'copilot.config.toml');
  await makePrivateFolder(folder);
  if (await writePrivateFile(path, profile, false)) return { path, isNew: true };
  if ((await readFile(path, 'utf8').catch(() => undefined)) === profile) return { path, isNew: false };
  throw new StartupError(
    `${path} exists already and is different; move it away, or change it by hand to what the same command prints ` +
      'without --write.',
  );
}
