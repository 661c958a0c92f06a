import { withTimeout } from '../../../base/async/with-timeout.ts';
import { isToken } from './token-kinds.ts';

/** Asks GitHub's own command line for its token. */
export interface GhCli {
  /** Resolves to undefined if there is no such program, or if it is not signed in. */
  token(host: string): Promise<string | undefined>;
  /** Asks the program again next time, unless it has just answered. */
  forget(): void;
}

/** Milliseconds that the program may take. */
const TIMEOUT_MS = 10_000;
/** Milliseconds for which its answer is used. */
const FRESH_MS = 30_000;
/** Milliseconds within which another question would bring the same answer. */
const NEW_MS = 1_000;

/** Variables whose token `gh` would print in place of its own. */
const TOKENS = ['GH_TOKEN', 'GITHUB_TOKEN', 'GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN'];

/** @param environment Variables with which the program runs. */
export function createGhCli(
  environment: Readonly<Record<string, string | undefined>>,
  timeoutMs = TIMEOUT_MS,
): GhCli {
  let last: { readonly answer: Promise<string | undefined>; readonly askedAtMs: number } | undefined;
  const env = Object.fromEntries(Object.entries(environment).filter(([name]) => !TOKENS.includes(name)));

  async function ask(host: string): Promise<string | undefined> {
    const { execa } = await import('execa');
    const running = execa('gh', ['auth', 'token', '--hostname', host], {
      env,
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      stderr: 'ignore',
      maxBuffer: 65_536,
    });
    const ended = await withTimeout(running, timeoutMs);
    if (ended === 'timeout') {
      running.kill('SIGKILL');
      // A program that it has started may hold the other end.
      running.stdout.destroy();
      return undefined;
    }
    const { stdout, failed } = ended;
    const token = stdout.trim();
    return failed || !isToken(token) ? undefined : token;
  }

  return {
    async token(host) {
      if (last === undefined || Date.now() - last.askedAtMs >= FRESH_MS) {
        last = { answer: ask(host), askedAtMs: Date.now() };
      }
      return await last.answer;
    },
    forget() {
      if (last !== undefined && Date.now() - last.askedAtMs >= NEW_MS) last = undefined;
    },
  };
}
