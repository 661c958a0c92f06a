import { join } from 'node:path';
import { GatewayError, StartupError } from '../../base/errors.ts';
import type { CredentialOptions } from '../../upstream/copilot/auth/credential-options.ts';
import type { CredentialSource } from '../../upstream/copilot/auth/credential.ts';
import {
  removeCopilotLogin,
  startCopilotLogin,
  type CopilotLogin,
} from '../../upstream/copilot/auth/login.ts';
import { sourceName } from '../../upstream/copilot/auth/sign-in-errors.ts';
import type { CopilotOptions } from '../../upstream/copilot/copilot-options.ts';
import { createCopilotParts, type CopilotParts } from '../../upstream/copilot/copilot-parts.ts';
import type { Environment, Settings } from '../config/config.ts';
import { ownCommand } from '../config/own-command.ts';
import { SILENT } from '../log/observer.ts';
import { copilotOptions } from './copilot-options.ts';

export interface CopilotContext {
  readonly settings: Settings;
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

/** Runs something that asks GitHub or Copilot for a person at a terminal; errors of a request become reasons to end. */
export async function withCopilot<T>(
  { settings, environment }: Omit<CopilotContext, 'signal'>,
  run: (parts: CopilotParts, options: CopilotOptions) => Promise<T>,
): Promise<T> {
  const options = {
    ...copilotOptions(settings, environment, SILENT),
    command: ownCommand(environment).usual,
  };
  const parts = createCopilotParts(options);
  try {
    return await run(parts, options);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    throw new StartupError(withPaths(error.message, options.credentials), { cause: error });
  } finally {
    await parts.http.close();
  }
}

/** Files in which a token may be. */
const FILES = ['token file', 'hosts.json', 'apps.json'] as const;

/** Returns the path of a source; undefined for one that is not a file. */
export function pathOfSource(source: CredentialSource, options: CredentialOptions): string | undefined {
  if (!FILES.some((name) => name === source)) return undefined;
  return source === 'token file' ? options.tokenFile : join(options.githubFolder, source);
}

/** Returns a message with the path behind the name of each file: clients must not learn it, but the user may. */
export function withPaths(message: string, options: CredentialOptions): string {
  return FILES.reduce((text, source) => {
    const name = sourceName(source);
    const index = text.toLowerCase().indexOf(name.toLowerCase());
    const end = index + name.length;
    const path = pathOfSource(source, options);
    return index === -1 ? text : `${text.slice(0, end)} (${path})${text.slice(end)}`;
  }, message);
}

/** Resolves to true if this machine has a token for Copilot. Asks nothing of GitHub. */
export async function isSignedInToCopilot(context: Omit<CopilotContext, 'signal'>): Promise<boolean> {
  return await withCopilot(context, async ({ credentials }) => await credentials.isSignedIn());
}

/** Resolves to the token that would be sent to Copilot, exchanged or refreshed if need be. */
export async function readCopilotToken(context: CopilotContext): Promise<string> {
  return await withCopilot(context, async ({ credentials }) => {
    const { bearer } = await credentials.current(context.signal);
    return bearer;
  });
}

/** Signs in with a code, which `show` shows to the user, and keeps the login in the token file. */
export async function logInToCopilot(
  context: CopilotContext,
  show: (login: Omit<CopilotLogin, 'wait'>) => void,
): Promise<CopilotLoginResult> {
  const { signal } = context;
  return await withCopilot(context, async ({ http, credentials }, options) => {
    const login = await startCopilotLogin({ ...options, http }, signal);
    show(login);
    await login.wait(signal);
    const { source } = await credentials.signIn(signal);
    return {
      path: options.credentials.tokenFile,
      first: source === 'token file' ? undefined : sourceName(source),
    };
  });
}

export interface CopilotLoginResult {
  readonly path: string;
  /** Another source, whose token is used because it comes first. */
  readonly first: string | undefined;
}

export interface CopilotLogout {
  /** True if there was a login to remove. */
  readonly hadLogin: boolean;
  /** Path of the token file. */
  readonly path: string;
  /** Another source of tokens that is used now. */
  readonly other: string | undefined;
}

/** Removes the login that `copilot login` made. Asks nothing of GitHub. */
export async function logOutOfCopilot(context: CopilotContext): Promise<CopilotLogout> {
  return await withCopilot(context, async ({ credentials }, { credentials: { tokenFile: path } }) => {
    const hadLogin = await removeCopilotLogin(path);
    const found = await credentials.signIn(context.signal).catch(() => undefined);
    return { hadLogin, path, other: found && sourceName(found.source) };
  });
}
