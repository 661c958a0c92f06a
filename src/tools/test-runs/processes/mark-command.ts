import { randomInt } from 'node:crypto';
import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';

/** A program with its arguments, its folder and its whole environment. */
interface CommandLine {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A command that sets a limit which all that it starts inherit. */
interface MarkedCommand extends Pick<CommandLine, 'program' | 'args'> {
  /** Hard limit for message queues; undefined where none can be set. */
  readonly limit: number | undefined;
}

const PRLIMIT = '/usr/bin/prlimit';

/** Range of the values by which commands differ: a small part of a limit that few programs come near. */
const RANGE = 65_536;

/**
 * Marks a command by a limit of its own. A process can clear its environment and leave its parents, its session and its pipes, and
 * still cannot raise a hard limit. Linux has a program that sets one and then becomes the command; elsewhere there is no mark.
 */
export async function markCommand(line: CommandLine): Promise<MarkedCommand> {
  const { program, args } = line;
  const current = await readQueueLimit('self');
  const isUsable =
    current !== undefined && current > 2 * RANGE && (await canRun(line)) && (await canMark(current));
  if (!isUsable) return { program, args, limit: undefined };
  const limit = current - randomInt(1, RANGE);
  return { program: PRLIMIT, args: [...limitArguments(limit), program, ...args], limit };
}

function limitArguments(limit: number): string[] {
  return [`--msgqueue=${limit}:${limit}`, '--'];
}

/** Reads a hard limit; undefined where the system does not show it, or where there is none. */
export async function readQueueLimit(pid: number | 'self'): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/limits`, 'utf8').catch(() => '');
  const digits = /^Max msgqueue size +\S+ +(\d+)/m.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Returns true if the system starts a program: what is missing is an error of its own, rather than one of the program that marks it. */
export async function canRun({ program, cwd, environment }: CommandLine): Promise<boolean> {
  const folders = program.includes('/') ? [''] : (environment.PATH ?? '').split(delimiter);
  const found = await Promise.all(folders.map((folder) => isExecutable(resolve(cwd, folder, program))));
  return found.includes(true);
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

let probe: Promise<boolean> | undefined;

/** Returns true if limits can be set, which some containers forbid. */
async function canMark(current: number): Promise<boolean> {
  probe ??= (async () => {
    if (!(await isExecutable(PRLIMIT))) return false;
    const { execa } = await import('execa');
    const { failed } = await execa(PRLIMIT, [...limitArguments(current - 1), PRLIMIT, '--version'], {
      reject: false,
      stdio: 'ignore',
      timeout: 10_000,
    });
    return !failed;
  })();
  return await probe;
}
