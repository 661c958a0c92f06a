import {
  removeCopilotLogin,
  startCopilotLogin,
  type CopilotLogin,
} from '../../upstream/copilot/auth/login.ts';
import { sourceName } from '../../upstream/copilot/auth/sign-in-errors.ts';
import { withCopilot, type CopilotContext } from './with-copilot.ts';

/** Resolves to true if this machine has a token for Copilot. Asks nothing of GitHub. */
export async function isSignedInToCopilot(context: Omit<CopilotContext, 'signal'>): Promise<boolean> {
  return await withCopilot(context, async ({ credentials }) => await credentials.isSignedIn());
}

/** Resolves to true if someone is signed in and Copilot is not turned off; `copilot status` says what is wrong otherwise. */
export async function canUseCopilot(context: Omit<CopilotContext, 'signal'>): Promise<boolean> {
  return context.settings.copilot.enabled && (await isSignedInToCopilot(context).catch(() => false));
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
