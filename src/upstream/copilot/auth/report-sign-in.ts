import { GatewayError } from '../../../base/errors.ts';
import type { GithubAccess } from './ask-github.ts';
import { describeUrl } from '../transport/urls.ts';
import type { CredentialSource } from './credential.ts';
import type { Credentials } from './credentials.ts';
import type { Endpoints } from './endpoints.ts';
import type { SignIn } from './find-sign-in.ts';
import { readAccount, type CopilotAccount } from './read-account.ts';
import { tokenKind, type TokenKind } from './token-kinds.ts';

/** A sign-in as people want to know it. Contains no token. */
export interface SignInReport {
  /** Place of the token; undefined if there is none that can be read. */
  readonly source: CredentialSource | undefined;
  readonly kind: TokenKind | undefined;
  /** Name of the user, by GitHub or the source. */
  readonly user: string | undefined;
  /** Milliseconds since 1970; undefined if it is unknown, or if the token does not expire. */
  readonly expiresAtMs: number | undefined;
  /** URL of the requests, without its query. */
  readonly responsesUrl: string | undefined;
  readonly account: CopilotAccount | undefined;
  /** The reason for which no request can be made; undefined if one could be. */
  readonly problem: string | undefined;
  /** The reason for which GitHub says nothing about the account, if it was asked. */
  readonly accountProblem: string | undefined;
}

export interface SignInParts {
  readonly access: GithubAccess;
  readonly credentials: Pick<Credentials, 'signIn' | 'current'>;
  readonly endpoints: Pick<Endpoints, 'locate'>;
}

/** Kinds of tokens that GitHub's own API knows. */
const OF_GITHUB: readonly TokenKind[] = ['app', 'oauth', 'fine-grained'];

/**
 * Reports who is signed in. Asks GitHub for what a request would need, and for the account. Rejects with the signal's
 * reason, or for a fault of the gateway.
 */
export async function reportSignIn(parts: SignInParts, signal: AbortSignal): Promise<SignInReport> {
  const { access, credentials } = parts;
  const found = await attempt(credentials.signIn(signal));
  const signIn = found.value;
  const [use, account] = await Promise.all([
    attempt(prepareUse(parts, signal)),
    attempt(accountOf(access, signIn, signal)),
  ]);
  signal.throwIfAborted();
  return {
    source: signIn?.source,
    kind: kindOf(signIn),
    user: account.value?.login ?? signIn?.user,
    expiresAtMs: use.value?.expiresAtMs,
    responsesUrl: use.value?.responsesUrl,
    account: account.value,
    problem: use.problem,
    accountProblem: account.problem,
  };
}

/** Whose subscription is used, as far as GitHub says it. Contains no token. */
export interface AccountReport extends Pick<SignInReport, 'user' | 'account'> {
  /** The reason for which nothing is known; undefined if there is none. */
  readonly problem: string | undefined;
}

/** Asks GitHub whose subscription is used; no token is exchanged. Rejects like `reportSignIn`. */
export async function reportAccount(
  { access, credentials }: Pick<SignInParts, 'access' | 'credentials'>,
  signal: AbortSignal,
): Promise<AccountReport> {
  const found = await attempt(credentials.signIn(signal));
  const account = await attempt(accountOf(access, found.value, signal));
  signal.throwIfAborted();
  return {
    user: account.value?.login ?? found.value?.user,
    account: account.value,
    problem: found.problem ?? account.problem,
  };
}

function kindOf({ token, kept }: Partial<SignIn> = {}): TokenKind | undefined {
  const known = token ?? kept?.bearer;
  return known === undefined ? undefined : tokenKind(known);
}

/** Finds what a request would need. */
async function prepareUse({ credentials, endpoints }: SignInParts, signal: AbortSignal) {
  const credential = await credentials.current(signal);
  const url = await endpoints.locate('responses', credential, signal);
  return { responsesUrl: describeUrl(url), expiresAtMs: credential.expiresAtMs };
}

async function accountOf(
  access: GithubAccess,
  { token = '' }: Partial<SignIn> = {},
  signal: AbortSignal,
): Promise<CopilotAccount | undefined> {
  return OF_GITHUB.includes(tokenKind(token)) ? await readAccount(access, token, signal) : undefined;
}

interface Attempt<T> {
  readonly value?: T;
  readonly problem?: string;
}

/** Resolves to the message of an error that is written for people, in place of a value. */
async function attempt<T>(promise: Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await promise };
  } catch (error) {
    if (error instanceof GatewayError) return { problem: error.message };
    throw error;
  }
}
