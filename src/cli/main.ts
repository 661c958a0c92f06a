import { CommanderError } from 'commander';
import { processEnvironment, type Environment } from '../app/config/config.ts';
import { ignoreFileSizeSignal } from '../app/lifecycle/signals.ts';
import { messageOf, StartupError } from '../base/errors.ts';
import { CommandEnd } from './command-end.ts';
import { createProgram } from './create-program.ts';
import { consoleTerminal, type Terminal } from './terminal.ts';

/** Runs the command line and returns the exit code, once everything is printed. */
export async function main(
  argv: readonly string[],
  environment: Environment = processEnvironment(),
  terminal: Terminal = consoleTerminal,
): Promise<number> {
  ignoreFileSizeSignal();
  const code = await run(argv, environment, terminal);
  const { problem } = await terminal.flush();
  if (problem === undefined) return code;
  terminal.complain(`codex-gateway: The output cannot be written (${problem}).`);
  await terminal.flush();
  return 1;
}

async function run(argv: readonly string[], environment: Environment, terminal: Terminal): Promise<number> {
  try {
    await createProgram(environment, terminal).parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    // Help or the version has been printed.
    if (error instanceof CommanderError) return error.exitCode;
    const expected = error instanceof StartupError;
    // Flushed first, because standard output and standard error often share a screen.
    const { problem } = await terminal.flush();
    const message = describeError(error);
    if (message !== '') terminal.complain(`codex-gateway${expected ? '' : ' failed'}: ${message}`);
    if (problem !== undefined) terminal.complain(`codex-gateway: The output cannot be written (${problem}).`);
    return error instanceof CommandEnd ? error.exitCode : 1;
  }
}

/** Names the file if an operation of the system failed. */
function describeError(error: unknown): string {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === undefined || path === undefined) return messageOf(error);
  return `${path} cannot be used (${code}); check its permissions, what is in its place, and the free space of its disk.`;
}
