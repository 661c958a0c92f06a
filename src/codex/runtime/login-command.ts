import { StartupError } from '../../base/errors.ts';

export interface LoginCommand {
  readonly binary: string;
  /** Such as `login status`. */
  readonly args: readonly string[];
  readonly codexHome: string;
  readonly workingDirectory: string;
  readonly environment: Record<string, string>;
  /** Text that it reads on standard input. */
  readonly input?: string;
  readonly signal: AbortSignal;
}

export interface LoginCommandResult {
  readonly failed: boolean;
  /** Lines that it prints, without warnings. They may contain a part of a key. */
  readonly lines: readonly string[];
}

/** Milliseconds until it is ended; when it signs out, Codex contacts the issuer. */
const TIMEOUT_MS = 30_000;
const MAX_BYTES = 100_000;

/** Runs one of Codex's own commands about logins; rejects with a `StartupError` if it does not end. */
export async function runLoginCommand(command: LoginCommand): Promise<LoginCommandResult> {
  const { binary, args, codexHome, workingDirectory, environment, input = '', signal } = command;
  // Loaded here: a start of the gateway runs no such command, and would wait for its many modules.
  const { execa } = await import('execa');
  const { failed, all, timedOut, exitCode } = await execa(binary, args, {
    env: { ...environment, CODEX_HOME: codexHome },
    extendEnv: false,
    cwd: workingDirectory,
    input,
    all: true,
    reject: false,
    timeout: TIMEOUT_MS,
    forceKillAfterDelay: 1_000,
    maxBuffer: MAX_BYTES,
    cancelSignal: signal,
  });
  signal.throwIfAborted();
  if (timedOut || exitCode === undefined) {
    throw new StartupError(`'codex ${args.join(' ')}' did not finish; try again.`);
  }
  const lines = all.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('WARNING'));
  return { failed, lines };
}
