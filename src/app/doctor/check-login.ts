import { StartupError } from '../../base/errors.ts';
import type { Login } from '../../codex/app-server.ts';
import type { Codex } from '../codex-setup.ts';

const KEYRING =
  ', or its login lies in the keyring of the operating system, which is bound to its own CODEX_HOME (cli_auth_credentials_store)';

export interface LoginFacts {
  readonly type: Login['type'];
  /** As `GET /v1/usage` tells them. */
  readonly account: string | null;
  readonly plan: string | null;
}

/** Says who pays for turns; a key is never shown. `usesKeyring`: whether a login may lie where only Codex's own home finds it. */
export function checkLogin(
  { type, account, plan }: LoginFacts,
  engine: Codex['engine'],
  usesKeyring: boolean,
): string {
  const { env_key: key } = engine.provider.config;
  switch (type) {
    case 'account':
      return plan === null
        ? `signed in with ${account === 'API key' ? 'an API key' : account}`
        : `signed in with ChatGPT as ${account} (${plan})`;
    case 'not-needed':
      return `the provider needs no OpenAI account${key === undefined ? '' : `; its key is taken from ${key}`}`;
    case 'signed-out':
      throw new StartupError(`Codex is not signed in${usesKeyring ? KEYRING : ''}; run codex-gateway login.`);
    case 'unknown':
      throw new StartupError(
        'the account cannot be read; check that this machine is online, or sign in again with codex-gateway login.',
      );
  }
}
