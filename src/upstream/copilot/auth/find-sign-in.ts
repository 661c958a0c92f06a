import { createHash } from 'node:crypto';
import { abortable, NEVER_ABORTED } from '../../../base/async/abort.ts';
import { githubHost, type CopilotUrls } from '../transport/urls.ts';
import type { CredentialOptions } from './credential-options.ts';
import type { CredentialSource } from './credential.ts';
import { createGhCli } from './gh-cli.ts';
import { createPluginLoginSearch } from './github-files.ts';
import { adviceFor, signedOut, sourceName } from './sign-in-errors.ts';
import { createTokenFile, type CopilotToken, type TokenFile } from './token-file.ts';
import { isExpired, isToken } from './token-kinds.ts';

/** A source of tokens that this machine has. */
export interface SignIn {
  readonly source: CredentialSource;
  /** The token that its kind says how to use; undefined for a token file with a Copilot token alone. */
  readonly token?: string | undefined;
  /** The Copilot token of a token file. */
  readonly kept?: CopilotToken | undefined;
  /** The user's name, if the source has it. */
  readonly user?: string | undefined;
}

export interface SignInSearch {
  /**
   * Resolves to the first source in order; rejects with `copilot_auth_unreadable` at a file that is broken, because
   * the next source may be another account.
   */
  find(): Promise<SignIn | undefined>;
  /**
   * Resolves to what `find` finds, or else to a caller's own token, which also serves if a file is broken; rejects if there
   * is neither.
   */
  signIn(signal: AbortSignal, incoming?: string): Promise<SignIn>;
  /** Forgets what was read from sources that do not show when they change. */
  forget(): void;
  readonly tokenFile: TokenFile;
}

export function createSignInSearch(
  options: CredentialOptions,
  urls: CopilotUrls,
  command: string,
): SignInSearch {
  const host = githubHost(urls);
  const tokenFile = createTokenFile(options.tokenFile);
  const findPluginLogin = createPluginLoginSearch(options.githubFolder);
  const gh = createGhCli(options.environment);

  async function find(): Promise<SignIn | undefined> {
    return (
      findInSettings(options) ??
      (await findInTokenFile(tokenFile)) ??
      (await findPluginLogin(host)) ??
      (options.useGhCli ? fromGh(await gh.token(host)) : undefined)
    );
  }

  return {
    tokenFile,
    find,
    async signIn(signal, incoming) {
      const found = await abortable(find(), signal).catch((error: unknown) => {
        signal.throwIfAborted();
        if (incoming === undefined) throw error;
      });
      if (found !== undefined) return found;
      if (incoming !== undefined) return { source: 'incoming', token: tokenInHeader(incoming, command) };
      const hadToken = (await tokenFile.read())?.copilotToken !== undefined;
      const problem = hadToken
        ? `The token in ${sourceName('token file')} has expired.`
        : 'You are not signed in to GitHub Copilot.';
      throw signedOut(problem, adviceFor('token file', command));
    },
    forget: gh.forget,
  };
}

/** Resolves to true if there is a source, even one that is broken. */
export async function isAnySource(search: SignInSearch): Promise<boolean> {
  const found = await search.find().catch(() => 'broken');
  return found !== undefined;
}

/** Resolves to a key for a sign-in that shows nothing of its token; undefined without one. */
export async function accountKey(
  search: SignInSearch,
  incoming: string | undefined,
): Promise<string | undefined> {
  const found = await search.signIn(NEVER_ABORTED, incoming).catch(() => undefined);
  const secret = found?.token ?? found?.kept?.bearer;
  return secret && createHash('sha256').update(secret).digest('base64url');
}

function findInSettings(options: CredentialOptions): SignIn | undefined {
  const tokens = [
    ['copilot.token', options.token],
    ['GH_COPILOT_TOKEN', options.ghCopilotToken],
    ['COPILOT_BEARER_TOKEN', options.copilotBearerToken],
  ] as const;
  const [source, token] = tokens.find(([, token]) => token !== undefined) ?? [];
  return source && { source, token };
}

/** Returns undefined for a file with nothing but a Copilot token that has expired. */
async function findInTokenFile(file: TokenFile): Promise<SignIn | undefined> {
  const { githubToken: token, copilotToken: kept } = (await file.read()) ?? {};
  const isUsable = token !== undefined || (kept !== undefined && !isExpired(kept));
  return isUsable ? { source: 'token file', token, kept } : undefined;
}

function fromGh(token: string | undefined): SignIn | undefined {
  return token === undefined ? undefined : { source: 'gh', token };
}

/** Returns the token of an `Authorization` header. */
function tokenInHeader(authorization: string, command: string): string {
  const [, token] = /^(?:bearer|token) +(\S+)$/i.exec(authorization.trim()) ?? [];
  if (token !== undefined && isToken(token)) return token;
  throw signedOut(
    "The Authorization header does not have the form 'Bearer TOKEN'.",
    adviceFor('incoming', command),
  );
}
