import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { useKeptDatabases } from './kept-databases.ts';
import { isAlive, until } from './process.ts';

const SCRIPT = fileURLToPath(new URL('../../bin/codex-gateway.js', import.meta.url));

/** Keeps compiled code between the many processes of a run, for which compiling is much of their work. */
export const COMPILE_CACHE = fileURLToPath(new URL('../../node_modules/.cache/compile', import.meta.url));

/** The environment of a user whose whole home lies in `folder`. */
export function userEnvironment(folder: string): Record<string, string> {
  const home = join(folder, 'home');
  mkdirSync(join(home, '.codex'), { recursive: true });
  return { PATH: process.env.PATH ?? '', HOME: home };
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line to its end. */
export async function runCommand(
  args: readonly string[],
  environment: Record<string, string>,
  redirect?: string,
): Promise<Finished> {
  return await spawnCommand(args, environment, redirect).finished;
}

/** The same, for one that is to be stopped. */
export function spawnCommand(
  args: readonly string[],
  environment: Record<string, string>,
  redirect?: string,
): { readonly finished: Promise<Finished>; kill(signal: NodeJS.Signals): void } {
  const child = start(args, environment, redirect);
  const output = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return {
    finished: output.then(([stdout, stderr]) => ({ code: child.exitCode, stdout, stderr })),
    kill: (signal) => child.kill(signal),
  };
}

export interface ServerOptions {
  /** A shell's redirection, such as `2>/dev/full`. */
  readonly redirect?: string;
  /** Leaves standard error unread. */
  readonly unread?: boolean;
  /** The end of what it prints at its start; by default that of the example with curl. */
  readonly ready?: string;
}

export interface Server {
  readonly pid: number;
  /** Everything printed on standard output so far. */
  stdout(): string;
  stderr(): string;
  /** Closes the reading end of its standard error. */
  closeStderr(): void;
  readonly closed: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a server and waits until it says where it listens. */
export async function startServer(
  args: readonly string[],
  environment: Record<string, string>,
  { redirect, unread = false, ready = '-d ' }: ServerOptions = {},
): Promise<Server> {
  // `copilot serve` has no Codex, and a state folder would be a trace.
  if (args[0] !== 'copilot') await useKeptDatabases(join(environment.HOME!, '.local/state/codex-gateway'));
  const child = start(args, environment, redirect);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  if (!unread) child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const closed = once(child, unread ? 'exit' : 'close').then(([code]) => code as number | null);
  await Promise.race([
    until(() => stdout.includes(ready)),
    closed.then((code) => {
      throw new Error(`The server ended with ${code} before it was ready:\n${stdout}${stderr}`);
    }),
  ]);
  return {
    pid: child.pid!,
    stdout: () => stdout,
    stderr: () => stderr,
    closeStderr: () => child.stderr.destroy(),
    closed,
    kill: (signal) => child.kill(signal),
  };
}

function start(
  args: readonly string[],
  env: Record<string, string>,
  redirect = '',
): ChildProcessByStdio<null, Readable, Readable> {
  const words = [process.execPath, SCRIPT, ...args];
  const [program, ...rest] =
    redirect === '' ? words : ['/bin/sh', '-c', `exec "$0" "$@" ${redirect}`, ...words];
  const child = spawn(program!, rest, {
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    if (child.pid !== undefined && isAlive(child.pid)) child.kill('SIGKILL');
  });
  return child;
}
