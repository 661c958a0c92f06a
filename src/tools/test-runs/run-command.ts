import { createId } from '../../base/ids.ts';
import { withTimeout } from '../../base/async/with-timeout.ts';
import { watchCommand } from './processes/command-processes.ts';
import { markCommand } from './processes/mark-command.ts';

/** A command as the configuration names it. */
export interface TestCommand {
  /** A program and its arguments. */
  readonly command: readonly string[];
  /** Absolute path of the folder in which it runs. */
  readonly cwd: string;
  readonly report: 'tap' | 'junit' | 'vitest';
  /** Path below `cwd`; undefined for standard output. */
  readonly reportFile?: string | undefined;
  readonly timeoutSeconds?: number | undefined;
}

export interface RunCommandOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** Ends the command, with everything that it has started. */
  readonly signal: AbortSignal;
  onOutput(block: Buffer, stream: 'stdout' | 'stderr'): void;
}

/** The end of a command. */
export interface TestCommandEnd {
  /** Undefined if it could not be started, or was ended by a signal. */
  readonly code: number | undefined;
  /** The end in words, as in "The command …"; undefined if its code is 0. */
  readonly problem: string | undefined;
}

/** The variable by which processes of a command are recognized. */
const MARK = 'TESTS_RUN_ID';

/** Milliseconds for what is left in the pipes when all processes have ended. */
const DRAIN_MS = 1_000;

/** Runs a command to its end, without a shell and without input. When it resolves, nothing that the command has started runs any more. */
export async function runCommand(
  { command: [program = '', ...args], cwd }: TestCommand,
  { environment, signal, onOutput }: RunCommandOptions,
): Promise<TestCommandEnd> {
  const { execa } = await import('execa');
  const id = createId('');
  const marked = await markCommand({ program, args, cwd, environment });
  const child = execa(marked.program, marked.args, {
    cwd,
    env: { ...environment, [MARK]: id },
    extendEnv: false,
    stdin: 'ignore',
    buffer: false,
    reject: false,
    // A session of its own, by which its processes are found.
    detached: true,
    cleanup: false,
  });
  const processes =
    child.pid === undefined
      ? undefined
      : watchCommand(child.pid, { variable: `${MARK}=${id}`, limit: marked.limit });
  const end = () => void processes?.end();
  child.stdout.on('data', (block: Buffer) => onOutput(block, 'stdout'));
  child.stderr.on('data', (block: Buffer) => onOutput(block, 'stderr'));
  const exited = new Promise((resolve) => child.nodeChildProcess.once('exit', resolve));
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  if (processes !== undefined) await exited;
  await processes?.end();
  signal.removeEventListener('abort', end);
  const closed = await withTimeout(child, DRAIN_MS);
  if (closed === 'timeout') {
    child.stdout.destroy();
    child.stderr.destroy();
  }
  const { exitCode, signal: killer, code } = await child;
  return { code: exitCode, problem: describeEnd(exitCode, killer, code) };
}

function describeEnd(
  exitCode: number | undefined,
  killer: string | undefined,
  code: string | undefined,
): string | undefined {
  if (exitCode === 0) return undefined;
  if (exitCode !== undefined) return `ended with code ${exitCode}`;
  if (killer !== undefined) return `was ended by ${killer}`;
  return `could not be started (${code ?? 'unknown reason'}): look for its program and its folder`;
}
