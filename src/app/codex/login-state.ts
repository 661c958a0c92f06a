import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from '../../base/errors.ts';
import { loginEnvironment } from '../../codex/process/environment.ts';
import { runLoginCommand, type LoginCommandResult } from '../../codex/runtime/login-command.ts';
import { loginFile } from '../../codex/home/private-home.ts';
import { selectProvider } from '../../codex/home/provider.ts';
import { SYSTEM_FOLDER } from '../../codex/home/system-config.ts';
import { readUserConfig } from '../../codex/home/user-config.ts';
import { findCodexHome } from '../config/config.ts';
import { openLoginHome, type LoginOptions } from './login.ts';

export type LoginStateOptions = Omit<LoginOptions, 'observer'>;

/** Signs Codex in with an API key of OpenAI; returns the file that holds it. */
export async function loginWithKey(key: string, options: LoginStateOptions): Promise<string> {
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new StartupError('An API key is a single word of ASCII characters, and the input is not.');
  }
  const { result, userHome } = await run(['login', '--with-api-key'], options, key);
  if (!result.failed) return loginFile(userHome);
  throw new StartupError(`Codex did not accept the key: ${reasonOf(result, key)}`);
}

/** Returns how Codex is signed in, never the key itself; undefined if it is not. */
export async function readLoginState(
  options: LoginStateOptions,
): Promise<{ readonly kind: string; readonly path: string } | undefined> {
  const { result, userHome } = await run(['login', 'status'], options);
  const text = result.lines.join(' ');
  if (result.failed) {
    if (/not logged in/i.test(text)) return undefined;
    throw new StartupError(`The login cannot be read: ${reasonOf(result)}`);
  }
  return { kind: kindOf(text), path: loginFile(userHome) };
}

/** Returns the id of the configured provider if it needs no OpenAI account. */
export async function findAccountlessProvider({
  settings,
  environment,
}: Pick<LoginStateOptions, 'settings' | 'environment'>): Promise<string | undefined> {
  const userHome = await findCodexHome(environment);
  const user = await readUserConfig(userHome, SYSTEM_FOLDER);
  const { id, config } = selectProvider(user, settings.provider, environment, join(userHome, 'config.toml'));
  return config.requires_openai_auth === true ? undefined : id;
}

function kindOf(text: string): string {
  if (/chatgpt/i.test(text)) return 'with ChatGPT';
  return /api key/i.test(text) ? 'with an API key' : 'in another way';
}

/** Signs the user's own Codex out, wherever it keeps its login; resolves to false if nobody was signed in. */
export async function logOut(options: LoginStateOptions): Promise<boolean> {
  const before = await readLoginState(options);
  // A login is removed where it is: in a home of the gateway's own there is but a link to it.
  const { result, userHome } = await run(['logout'], options, '', true);
  if (result.failed || existsSync(loginFile(userHome))) {
    throw new StartupError(`Codex did not sign out: ${reasonOf(result)}`);
  }
  return before !== undefined;
}

async function run(
  args: readonly string[],
  options: LoginStateOptions,
  input = '',
  inUserHome = false,
): Promise<{ readonly result: LoginCommandResult; readonly userHome: string }> {
  const { environment, signal } = options;
  const { binary, home, userHome } = await openLoginHome(options);
  try {
    const result = await runLoginCommand({
      binary: binary.path,
      args,
      codexHome: inUserHome ? userHome : home.path,
      workingDirectory: home.workingDirectory,
      environment: loginEnvironment(environment),
      input,
      signal,
    });
    return { result, userHome };
  } finally {
    await home.remove();
  }
}

function reasonOf({ lines }: LoginCommandResult, secret?: string): string {
  const line = lines.at(-1) ?? 'it does not say why.';
  return secret === undefined ? line : line.replaceAll(secret, '…');
}
