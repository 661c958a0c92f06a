import { execa } from 'execa';
import { StartupError } from '../../base/errors.ts';

export interface LoginCommand {
  readonly binary: string;
  /** Such as `login status`. */
  readonly args: readonly string[];
  readonly codexHome: string;
  readonly workingDirectory: string;
  readonly environment: Record<string, string>;
  /** What it reads on standard input. */
  readonly input?: string;
  readonly signal: AbortSignal;
}

export interface LoginCommandResult {
  readonly failed: boolean;
  /** What it says, without its warnings. It may hold a part of a key. */
  readonly lines: readonly string[];
}

/** Milliseconds; to sign out, Codex tells the issuer. */
const PATIENCE = 30_000;
const MAX_BYTES = 100_000;

/** Runs one of Codex's own commands about logins to its end. */
export async function runLoginCommand(command: LoginCommand): Promise<LoginCommandResult> {
  const { binary, args, codexHome, workingDirectory, environment, input = '', signal } = command;
  const { failed, all, timedOut, exitCode } = await execa(binary, args, {
    env: { ...environment, CODEX_HOME: codexHome },
    extendEnv: false,
    cwd: workingDirectory,
    input,
    all: true,
    reject: false,
    timeout: PATIENCE,
    forceKillAfterDelay: 1_000,
    maxBuffer: MAX_BYTES,
    cancelSignal: signal,
  });
  signal.throwIfAborted();
  if (timedOut || exitCode === undefined) {
    throw new StartupError(`'codex ${args.join(' ')}' did not end by itself; try again.`);
  }
  const lines = all.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('WARNING'));
  return { failed, lines };
}
