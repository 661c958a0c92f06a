import { GatewayError, messageOf, shuttingDown, StartupError } from '../../base/errors.ts';
import type { AgentAccount, AgentLogin } from '../../conversation/ports/agent-home.ts';
import type { AgentEngine } from '../../conversation/ports/agent.ts';

/** A sign-in by a device code, as clients see it. */
interface DeviceLoginState {
  readonly verification_url: string;
  readonly user_code: string;
  readonly status: 'pending' | 'ready' | 'complete' | 'error';
  /** Unix milliseconds. */
  readonly issued_at: number;
  readonly expires_in_minutes: number;
  readonly error: string | null;
}

/** The login of the user's own Codex, as clients see it. */
export interface LoginState {
  readonly logged_in: boolean;
  readonly auth_mode: 'chatgpt' | 'api_key' | 'none';
  readonly message: string;
}

/** The account of the user's own Codex. */
export interface SessionAccount {
  read(signal: AbortSignal): Promise<LoginState>;
  /** Returns what is known without starting Codex. */
  readIfStarted(signal: AbortSignal): Promise<LoginState>;
  /** Returns the last sign-in; null before the first. */
  device(): DeviceLoginState | null;
  /** Resolves to the sign-in that waits for its user; starts one if there is none. */
  signIn(): Promise<DeviceLoginState>;
  /** Gives up a sign-in that is not completed. */
  close(): Promise<void>;
}

const CODE_LIFE_MINUTES = 15;

const NOT_KNOWN: LoginState = {
  logged_in: false,
  auth_mode: 'chatgpt',
  message:
    'Codex has not been started for a session yet, so the login is not known. GET /auth/status reads it.',
};

type AccountEngine = Pick<AgentEngine, 'isStarted' | 'readAccount' | 'startLogin'>;

export function createAccount(engine: AccountEngine): SessionAccount {
  const closing = new AbortController();
  let state: DeviceLoginState | null = null;
  let starting: Promise<AgentLogin> | undefined;
  let current: AgentLogin | undefined;
  let timer: NodeJS.Timeout | undefined;

  function end(login: AgentLogin, error: string | null): void {
    // One that has expired fails as well once it is closed.
    if (login !== current) return;
    clearTimeout(timer);
    current = undefined;
    starting = undefined;
    if (state !== null) state = { ...state, status: error === null ? 'complete' : 'error', error };
    void login.close();
  }

  async function start(): Promise<AgentLogin> {
    state = newSignIn();
    try {
      const login = await engine.startLogin(closing.signal);
      current = login;
      const { verificationUrl, userCode } = login;
      state = { ...state, verification_url: verificationUrl, user_code: userCode, status: 'ready' };
      const expire = () => end(login, 'The code has expired; sign in again for a new one.');
      timer = setTimeout(expire, CODE_LIFE_MINUTES * 60_000).unref();
      login.completed.then(
        () => end(login, null),
        (error: unknown) => end(login, describe(error)),
      );
      return login;
    } catch (error) {
      starting = undefined;
      state = { ...state, status: 'error', error: describe(error) };
      throw new GatewayError('codex_unavailable', state.error!, { cause: error });
    }
  }

  const read = async (signal: AbortSignal) => describeAccount(await engine.readAccount(signal));
  return {
    read,
    readIfStarted: async (signal) => (engine.isStarted() ? await read(signal) : NOT_KNOWN),
    device: () => state,
    async signIn() {
      await (starting ??= start());
      return state!;
    },
    async close() {
      clearTimeout(timer);
      // The issuer may be silent.
      closing.abort(shuttingDown());
      await (await starting?.catch(() => undefined))?.close();
    },
  };
}

function newSignIn(): DeviceLoginState {
  return {
    verification_url: '',
    user_code: '',
    status: 'pending',
    issued_at: Date.now(),
    expires_in_minutes: CODE_LIFE_MINUTES,
    error: null,
  };
}

function describe(error: unknown): string {
  return error instanceof StartupError || error instanceof GatewayError
    ? messageOf(error)
    : 'The sign-in has failed.';
}

function describeAccount(account: AgentAccount): LoginState {
  switch (account.type) {
    case 'chatgpt': {
      const message = account.email === null ? 'ChatGPT sign-in active' : `Logged in as ${account.email}`;
      return { logged_in: true, auth_mode: 'chatgpt', message };
    }
    case 'api-key':
      return { logged_in: true, auth_mode: 'api_key', message: 'API key mode active' };
    case 'other':
      return { logged_in: true, auth_mode: 'none', message: 'Signed in' };
    case 'not-needed':
      return { logged_in: true, auth_mode: 'none', message: 'No login required for this runtime provider.' };
    case 'signed-out':
      return { logged_in: false, auth_mode: 'chatgpt', message: 'Not logged in' };
  }
}
