import { sleep } from '../../../base/async/sleep.ts';
import { GatewayError, StartupError } from '../../../base/errors.ts';
import { excerpt } from '../../../base/excerpt.ts';
import type { JsonObject } from '../../../base/json.ts';
import { isWebAddress } from '../../../base/network.ts';
import { githubUrls } from '../transport/urls.ts';
import { askGithub, type GithubAnswer } from './ask-github.ts';
import type { CredentialContext } from './credentials.ts';
import { createTokenFile } from './token-file.ts';
import { isToken } from './token-kinds.ts';

/** A sign-in to GitHub that waits for its user. */
export interface CopilotLogin {
  /** The page to open, and the code to enter there. */
  readonly verificationUrl: string;
  readonly userCode: string;
  /** Milliseconds since 1970 at which the code expires. */
  readonly expiresAtMs: number;
  /**
   * Asks GitHub until the user has entered the code, and keeps the token in the token file. Rejects with a `StartupError`
   * if the sign-in is refused or the code expires, or with the signal's reason; then the file stays unchanged.
   */
  wait(signal: AbortSignal): Promise<void>;
}

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code';
const INTERVAL_SECONDS = 5;
const LIFE_SECONDS = 900;
/** Seconds that are added to the interval when GitHub asks for more time. */
const SLOW_DOWN_SECONDS = 5;
/** Milliseconds beyond the interval, because clocks differ. */
const MARGIN_MS = 1_000;

/** Starts a sign-in with a device code (RFC 8628); rejects with a `StartupError`, or with the signal's reason. */
export async function startCopilotLogin(
  context: CredentialContext,
  signal: AbortSignal,
): Promise<CopilotLogin> {
  const { credentials, urls } = context;
  const file = createTokenFile(credentials.tokenFile);
  // Nobody should enter a code for a login that cannot be kept.
  await file.read().catch((error: unknown) => fail(error, credentials.tokenFile));
  const { oauthClientId: client_id, oauthScope: scope } = credentials;
  const question = { url: githubUrls(urls).deviceCode, body: { client_id, scope } };
  const answer = await askGithub(context, question, signal).catch(fail);
  const code = decodeCode(answer);
  return {
    verificationUrl: code.verificationUrl,
    userCode: code.userCode,
    expiresAtMs: code.expiresAtMs,
    async wait(signal) {
      const token = await pollForToken(context, code, signal);
      signal.throwIfAborted();
      await file.saveLogin(token).catch((error: unknown) => fail(error, credentials.tokenFile));
    },
  };
}

/** Takes the tokens out of the token file; resolves to false if there were none. */
export async function removeCopilotLogin(path: string): Promise<boolean> {
  return await createTokenFile(path)
    .removeTokens()
    .catch((error: unknown) => fail(error, path));
}

interface DeviceCode {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly verificationUrl: string;
  readonly intervalSeconds: number;
  readonly expiresAtMs: number;
}

function decodeCode({ status, body = {} }: GithubAnswer): DeviceCode {
  const { device_code: deviceCode, user_code: userCode, verification_uri: verificationUrl } = body;
  const { interval, expires_in: expiresIn } = body;
  if (typeof deviceCode !== 'string' || !isPlain(userCode) || !isWebPage(verificationUrl)) {
    throw new StartupError(`GitHub gives no code to sign in with (status ${status}${describe(body)}).`);
  }
  const lifeSeconds = typeof expiresIn === 'number' ? expiresIn : LIFE_SECONDS;
  return {
    deviceCode,
    userCode,
    verificationUrl,
    intervalSeconds: typeof interval === 'number' ? interval : INTERVAL_SECONDS,
    expiresAtMs: Date.now() + lifeSeconds * 1000,
  };
}

async function pollForToken(
  context: CredentialContext,
  { deviceCode, intervalSeconds, expiresAtMs }: DeviceCode,
  signal: AbortSignal,
): Promise<string> {
  const url = githubUrls(context.urls).accessToken;
  const { oauthClientId: client_id } = context.credentials;
  const body = { client_id, device_code: deviceCode, grant_type: GRANT_TYPE };
  let seconds = intervalSeconds;
  for (;;) {
    const leftMs = expiresAtMs - Date.now();
    const waitMs = seconds * 1000 + MARGIN_MS;
    await sleep(Math.min(waitMs, Math.max(leftMs, 0)), signal);
    if (waitMs >= leftMs) throw codeExpired();
    const answer = await askGithub(context, { url, body }, signal).catch(unlessUnreachable);
    signal.throwIfAborted();
    const step = answer === undefined ? 'slow-down' : decodeStep(answer);
    if (typeof step === 'object') return step.token;
    if (step === 'slow-down') {
      const given = answer?.body?.interval;
      seconds = Math.max(seconds + SLOW_DOWN_SECONDS, typeof given === 'number' ? given : 0);
    }
  }
}

function codeExpired(): StartupError {
  return new StartupError('The code has expired; sign in again for a new one.');
}

/** Throws all errors except that of an unreachable GitHub, which is asked again later. */
function unlessUnreachable(error: unknown): undefined {
  if (!(error instanceof GatewayError)) throw error;
}

/** Returns what an answer means. GitHub answers 200 while it waits for the user, too. */
function decodeStep({
  status,
  body = {},
}: GithubAnswer): 'pending' | 'slow-down' | { readonly token: string } {
  const { access_token: token, error } = body;
  if (isPlain(token)) return { token };
  const isBusy = error === undefined && (status === 429 || status >= 500);
  if (isBusy || error === 'slow_down') return 'slow-down';
  if (error === 'authorization_pending') return 'pending';
  if (error === 'expired_token') throw codeExpired();
  if (error === 'access_denied') throw new StartupError('The sign-in was refused at GitHub.');
  throw new StartupError(`GitHub refuses the sign-in (status ${status}${describe(body)}).`);
}

/** Returns the reason that GitHub gives, for the end of a sentence. */
function describe({ error, error_description: text, message }: JsonObject): string {
  const reasons = [error, text, message].filter((reason) => typeof reason === 'string' && reason !== '');
  return reasons
    .map((reason) => `, ${excerpt((reason as string).replaceAll(/\p{Cc}+/gu, ' ')).replace(/\.$/, '')}`)
    .join('');
}

function isPlain(text: unknown): text is string {
  return typeof text === 'string' && isToken(text);
}

function isWebPage(text: unknown): text is string {
  return isPlain(text) && isWebAddress(text);
}

/** Throws an error for the person at the terminal, who may see the path. */
function fail(error: unknown, path?: string): never {
  const at = path === undefined ? '' : ` The file is ${path}.`;
  if (error instanceof GatewayError) throw new StartupError(`${error.message}${at}`, { cause: error });
  const { code } = error as NodeJS.ErrnoException;
  if (path === undefined || code === undefined) throw error;
  throw new StartupError(`The token file ${path} cannot be written (${code}).`, { cause: error });
}
