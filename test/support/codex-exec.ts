import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { findBinary } from '../../src/codex/process/binary.ts';
import { TOKEN } from './gateway.ts';
import { copyKeptDatabases } from './kept-databases.ts';

/** Working folder and provider of a `codex exec`. */
export interface ExecPlace {
  /** Holds its home and its working directory, `work`. */
  readonly folder: string;
  /** Ends in `/v1`. */
  readonly baseUrl: string;
  /** True to use a WebSocket. */
  readonly webSocket?: boolean;
}

export interface Executed {
  readonly code: number | undefined;
  /** Its last message. */
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real command line of Codex to its end; the arguments are those after `exec`. */
export async function runCodexExec(place: ExecPlace, args: readonly string[]): Promise<Executed> {
  const { folder } = place;
  const home = join(folder, 'home');
  const codexHome = join(folder, 'codex-home');
  const work = join(folder, 'work');
  for (const path of [home, codexHome, work]) mkdirSync(path, { recursive: true });
  writeFileSync(join(codexHome, 'config.toml'), configOf(place));
  const env = { PATH: process.env.PATH ?? '', HOME: home, CODEX_HOME: codexHome, GATEWAY_TOKEN: TOKEN };
  return await execCodex({ work, environment: env }, args);
}

/** Runs the real `codex exec` to its end in a working folder; the environment is all that it has. */
export async function execCodex(
  { work, environment }: { readonly work: string; readonly environment: Record<string, string> },
  args: readonly string[],
): Promise<Executed> {
  const { path } = await findBinary(undefined, environment);
  await copyKeptDatabases(environment.CODEX_HOME ?? join(environment.HOME!, '.codex'));
  // It would look for plugins at each start.
  const settings = ['--skip-git-repo-check', '-c', 'features.plugins=false'];
  const child = execa(path, ['exec', ...settings, ...args], {
    cwd: work,
    env: environment,
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout: 100_000,
    forceKillAfterDelay: 1000,
  });
  const { exitCode: code, stdout, stderr } = await child;
  return { code, stdout, stderr };
}

/** No retries: they would hide what has gone wrong. No sandbox: not every machine has one. */
function configOf({ baseUrl, webSocket = false }: ExecPlace): string {
  return `model_provider = "gateway"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
[analytics]
enabled = false
[model_providers.gateway]
name = "Gateway"
base_url = "${baseUrl}"
wire_api = "responses"
env_key = "GATEWAY_TOKEN"
request_max_retries = 0
stream_max_retries = 0
supports_websockets = ${webSocket}
`;
}
