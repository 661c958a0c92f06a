import { readSettings, type Environment, type Flags, type Settings } from '../../app/config/config.ts';
import { startLogin, type PendingLogin } from '../../app/codex/login.ts';
import {
  findAccountlessProvider,
  loginWithKey,
  readLoginState,
  type LoginStateOptions,
} from '../../app/codex/login-state.ts';
import { observeInLog } from '../../app/log/observer.ts';
import { ownCommand } from '../../app/config/own-command.ts';
import { abortable } from '../../base/async/abort.ts';
import { StartupError } from '../../base/errors.ts';
import { readInput, type Terminal } from '../terminal.ts';
import { showWaiting } from '../show-waiting.ts';
import { untilStopped } from '../until-stopped.ts';

/** Seconds after which a code expires. */
const CODE_LIFE_SECONDS = 900;
const SLACK_SECONDS = 30;

export interface LoginFlags extends Flags {
  /** Reads an OpenAI API key from standard input. */
  readonly withApiKey?: boolean;
}

/** Signs Codex in, for the gateway and for Codex itself; `status` prints how it is signed in. */
export async function login(
  flags: LoginFlags,
  environment: Environment,
  terminal: Terminal,
  word?: string,
): Promise<void> {
  if (word !== undefined && word !== 'status') {
    throw new StartupError(`login takes only the word 'status'; leave out '${word}'.`);
  }
  const settings = await readSettings(flags, environment);
  if (word === 'status') return await printStatus({ settings, environment }, terminal);
  if (flags.withApiKey) return await loginByKey({ settings, environment }, terminal);
  await loginByCode(settings, environment, terminal);
}

type LoginContext = Omit<LoginStateOptions, 'signal'>;

async function printStatus(context: LoginContext, terminal: Terminal): Promise<void> {
  const state = await untilStopped('Stopped.', (signal) => readLoginState({ ...context, signal }));
  if (state === undefined) {
    const provider = await findAccountlessProvider(context);
    if (provider !== undefined) {
      terminal.print(`No login is needed: the provider '${provider}' needs no OpenAI account.`);
      return;
    }
    const { usual } = ownCommand(context.environment);
    throw new StartupError(`Codex is not signed in; run \`${usual} login\`.`);
  }
  terminal.print(`Signed in ${state.kind}. The login is kept in ${state.path}.`);
}

async function loginByKey(context: LoginContext, terminal: Terminal): Promise<void> {
  const key = (await readInput()).trim();
  if (key === '') {
    throw new StartupError(
      `No key was given on standard input; pipe one in: printenv OPENAI_API_KEY | ${ownCommand(context.environment).usual} login --with-api-key`,
    );
  }
  const path = await untilStopped('Stopped.', (signal) => loginWithKey(key, { ...context, signal }));
  terminal.print(
    `The API key is kept in ${path}; a running gateway uses it for its next request, which shows if it works.`,
  );
}

/** Signs Codex in with ChatGPT by a device code. */
async function loginByCode(settings: Settings, environment: Environment, terminal: Terminal): Promise<void> {
  const observer = observeInLog(settings);
  const started = await untilStopped('The sign-in was cancelled; nothing has changed.', async (signal) => {
    const waiting = await startLogin({ settings, environment, observer, signal });
    try {
      await waitForUser(waiting, terminal, signal);
    } finally {
      await waiting.close();
    }
    return waiting;
  });
  terminal.print(describeResult(started));
}

async function waitForUser(waiting: PendingLogin, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const { verificationUrl, userCode, replaces, completed } = waiting;
  if (replaces) terminal.print('Codex has a login already; this one takes its place.\n');
  terminal.print(`To sign in with ChatGPT, open\n\n  ${verificationUrl}\n\nand enter the code ${userCode}\n`);
  const over = new AbortController();
  // Codex expires the code too, but not while it waits for an answer that never comes.
  const expired = new StartupError('The code has expired; sign in again for a new one.');
  const timer = setTimeout(() => over.abort(expired), (CODE_LIFE_SECONDS + SLACK_SECONDS) * 1000);
  showWaiting(terminal, Date.now() + CODE_LIFE_SECONDS * 1000, over.signal);
  try {
    await abortable(completed, AbortSignal.any([signal, over.signal]));
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}

function describeResult({ path, beside }: PendingLogin): string {
  const kept = `Signed in. The login is kept in ${path}; a running gateway uses it for its next request.`;
  if (!beside) return kept;
  return `${kept}\nCodex's own config.toml keeps logins in the keyring: Codex itself does not use this one, and removes it when it signs in.`;
}
