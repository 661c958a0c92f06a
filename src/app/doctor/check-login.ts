import { StartupError } from '../../base/errors.ts';
import type { Login } from '../../codex/app-server.ts';

const KEYRING =
  ', or its login lies in the keyring of the operating system, which is bound to its own CODEX_HOME (cli_auth_credentials_store)';

/** `usesKeyring`: whether the user's Codex may keep its login where only its own CODEX_HOME finds it. */
export function checkLogin(type: Login['type'], usesKeyring: boolean): string {
  switch (type) {
    case 'account':
      return 'Codex is signed in';
    case 'not-needed':
      return 'the provider needs no OpenAI account';
    case 'signed-out':
      throw new StartupError(`Codex is not signed in${usesKeyring ? KEYRING : ''}; run codex-gateway login.`);
    case 'unknown':
      throw new StartupError(
        'the account cannot be read; look whether this machine is online, or sign in again with codex-gateway login.',
      );
  }
}
