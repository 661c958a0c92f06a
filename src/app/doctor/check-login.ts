import type { Login } from '../../codex/app-server.ts';
import type { Finding } from './finding.ts';

/** `usesKeyring`: whether the user's Codex may keep its login where only its own CODEX_HOME finds it. */
export function checkLogin(type: Login['type'], usesKeyring: boolean): Finding {
  switch (type) {
    case 'account':
      return { subject: 'login', state: 'good', text: 'Codex is signed in' };
    case 'not-needed':
      return { subject: 'login', state: 'good', text: 'the provider needs no OpenAI account' };
    case 'signed-out':
      return {
        subject: 'login',
        state: 'bad',
        text: `Codex is not signed in${usesKeyring ? KEYRING : ''}; run codex-gateway login.`,
      };
    case 'unknown':
      return {
        subject: 'login',
        state: 'bad',
        text: 'the account cannot be read; look whether this machine is online, or sign in again with codex-gateway login.',
      };
  }
}

const KEYRING =
  ', or its login lies in the keyring of the operating system, which is bound to its own CODEX_HOME (cli_auth_credentials_store)';
