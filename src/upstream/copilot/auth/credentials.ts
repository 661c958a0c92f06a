import type { Observer } from '../../../base/observation.ts';
import type { GithubAccess } from './ask-github.ts';
import type { Credential } from './credential.ts';
import type { CredentialOptions } from './credential-options.ts';
import { accountKey, createSignInSearch, isAnySource, type SignIn } from './find-sign-in.ts';
import { adviceFor } from './sign-in-errors.ts';
import { createTokenExchanges, type ExchangedLogin } from './token-exchanges.ts';
import type { CopilotToken } from './token-file.ts';
import { unchangedCredential } from './unchanged-credential.ts';
import { tokenKind } from './token-kinds.ts';

/** Everything that is needed to sign in, and to use a login. */
export interface CredentialContext extends GithubAccess {
  readonly credentials: CredentialOptions;
  /** Command by which the user calls this program. */
  readonly command: string;
  readonly observer: Observer;
}

export interface Credentials {
  /**
   * Resolves to the credential to send, exchanged or refreshed if need be; rejects with `copilot_signed_out`,
   * `copilot_auth_unreadable` or `copilot_auth_unreachable`.
   * @param incoming A caller's `Authorization` header that is not the gateway's own token.
   */
  current(signal: AbortSignal, incoming?: string): Promise<Credential>;
  /** Resolves to another credential after Copilot has answered 401 to this one; undefined if there is no other. */
  renew(refused: Credential, signal: AbortSignal, incoming?: string): Promise<Credential | undefined>;
  /** Resolves to true if this machine has a source, apart from incoming headers. Asks nothing of GitHub. */
  isSignedIn(): Promise<boolean>;
  /**
   * Resolves to a key that is the same for all tokens of one sign-in, and no secret; undefined if there is no source. Asks
   * nothing of GitHub.
   */
  account(incoming?: string): Promise<string | undefined>;
  /** Resolves to the source whose token would be used; rejects like `current`. Asks nothing of GitHub. */
  signIn(signal: AbortSignal, incoming?: string): Promise<SignIn>;
}

export function createCredentials(context: CredentialContext): Credentials {
  const { credentials: options, command, urls, observer } = context;
  const search = createSignInSearch(options, urls, command);
  const exchanges = createTokenExchanges({
    access: context,
    refreshes: options.refreshes,
    expiryBufferSeconds: options.expiryBufferSeconds,
  });
  /** The Copilot token of the file that Copilot has refused, where another one is used in its place. */
  let refusedInFile: string | undefined;

  function loginOf({ source, token: githubToken, kept }: SignIn): ExchangedLogin | undefined {
    if (githubToken === undefined || tokenKind(githubToken) !== 'app') return undefined;
    const save = async (token: CopilotToken) => {
      if (source !== 'token file') return;
      await search.tokenFile.saveCopilotToken(githubToken, token).catch((error: NodeJS.ErrnoException) => {
        observer.observe({ type: 'copilot-token-unsaved', problem: error.code ?? 'unknown error' });
      });
    };
    return { githubToken, kept, advice: adviceFor(source, command), save };
  }

  return {
    signIn: search.signIn,
    async current(signal, incoming) {
      const found = await search.signIn(signal, incoming);
      const login = loginOf(found);
      return login
        ? { ...(await exchanges.current(login, signal)), source: found.source }
        : unchangedCredential(found, { command, refusedInFile });
    },
    async renew(refused, signal, incoming) {
      search.forget();
      const found = await search.signIn(signal, incoming);
      const login = loginOf(found);
      if (login !== undefined) {
        const token = await exchanges.renew(login, refused.bearer, signal);
        return token && { ...token, source: found.source };
      }
      if (found.kept?.bearer === refused.bearer && found.token !== undefined) refusedInFile = refused.bearer;
      const other = unchangedCredential(found, { command, refusedInFile });
      return other.bearer === refused.bearer ? undefined : other;
    },
    isSignedIn: async () => await isAnySource(search),
    account: async (incoming) => await accountKey(search, incoming),
  };
}
