import { StartupError } from '../../base/errors.ts';
import type { Login } from '../../codex/process/app-server.ts';
import type { Codex } from '../codex/codex-setup.ts';
import type { OwnCommand } from '../config/own-command.ts';

const KEYRING =
  ', or its login lies in the keyring of the operating system, which is bound to its own CODEX_HOME (cli_auth_credentials_store)';

export interface LoginFacts {
  readonly type: Login['type'];
  /** As `GET /v1/usage` tells them. */
  readonly account: string | null;
  readonly plan: string | null;
}

export interface LoginCheck {
  readonly login: LoginFacts;
  readonly engine: Codex['engine'];
  /** True if a login may lie where only Codex's own home finds it. */
  readonly usesKeyring: boolean;
  readonly command: OwnCommand;
}

/** Says who pays for turns; a key is never shown. */
export function checkLogin({ login, engine, usesKeyring, command }: LoginCheck): string {
  const { type, account, plan } = login;
  const { env_key: key } = engine.provider.config;
  switch (type) {
    case 'account':
      return plan === null
        ? `signed in with ${account === 'API key' ? 'an API key' : account}`
        : `signed in with ChatGPT as ${account} (${plan})`;
    case 'not-needed':
      return `the provider needs no OpenAI account${key === undefined ? '' : `; its key is taken from ${key}`}`;
    case 'signed-out':
      throw new StartupError(
        `Codex is not signed in${usesKeyring ? KEYRING : ''}; run \`${command.usual} login\`.`,
      );
    case 'unknown':
      throw new StartupError(
        `the account cannot be read; check that this machine is online, or sign in again with \`${command.usual} login\`.`,
      );
  }
}
