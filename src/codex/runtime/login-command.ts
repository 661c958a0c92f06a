import { StartupError } from '../../base/errors.ts';
import { spawnBinary, type BinaryEnd, type SpawnedBinary } from '../process/spawn-binary.ts';

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
/** Milliseconds to end by itself before it is killed. */
const KILL_DELAY_MS = 1_000;
/** Characters of its output that are kept. */
const MAX_CHARACTERS = 100_000;

/** Runs one of Codex's own commands about logins; rejects with a `StartupError` if it does not end. */
export async function runLoginCommand(command: LoginCommand): Promise<LoginCommandResult> {
  const { binary, args, codexHome, workingDirectory, environment, input = '', signal } = command;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const child = spawnBinary(binary, args, {
    environment: { ...environment, CODEX_HOME: codexHome },
    workingDirectory,
    stdin: 'pipe',
    stderr: 'pipe',
    detached: false,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(0, MAX_CHARACTERS);
    });
  }
  // It may end without having read its input.
  child.stdin.on('error', () => {}).end(input);
  const { code } = await endedOrStopped(child, AbortSignal.any([signal, timeout]));
  signal.throwIfAborted();
  if (timeout.aborted || code === undefined) {
    throw new StartupError(`'codex ${args.join(' ')}' did not finish; try again.`);
  }
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('WARNING'));
  return { failed: code !== 0, lines };
}

/** Waits for the end of a process, which the signal stops. */
async function endedOrStopped(child: SpawnedBinary, signal: AbortSignal): Promise<BinaryEnd> {
  let kill: NodeJS.Timeout | undefined;
  function stop(): void {
    child.kill('SIGTERM');
    kill = setTimeout(() => child.kill('SIGKILL'), KILL_DELAY_MS);
  }
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  const end = await child.ended;
  signal.removeEventListener('abort', stop);
  clearTimeout(kill);
  return end;
}
