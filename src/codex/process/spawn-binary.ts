import { spawn, type ChildProcess as NodeChild } from 'node:child_process';
import { PassThrough, type Readable, type Writable } from 'node:stream';

export interface SpawnBinaryOptions {
  /** The whole environment. */
  readonly environment: Record<string, string>;
  readonly workingDirectory?: string | undefined;
  readonly stdin: 'pipe' | 'ignore';
  readonly stderr: 'pipe' | 'ignore';
  /** True for a process group of its own, which Ctrl-C in the terminal does not reach. */
  readonly detached: boolean;
}

/** A process that was started. One that could not be started has ended without a code, and its output is empty. */
export interface SpawnedBinary {
  readonly pid: number | undefined;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when the process has ended and its output is closed. */
  readonly ended: Promise<BinaryEnd>;
  kill(signal: NodeJS.Signals): void;
}

interface BinaryEnd {
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

/** Starts an executable, and never throws. */
export function spawnBinary(
  path: string,
  args: readonly string[],
  options: SpawnBinaryOptions,
): SpawnedBinary {
  const child = trySpawn(path, args, options);
  const { stdin, stdout, stderr } = child ?? {};
  return {
    pid: child?.pid,
    stdin: stdin ?? new PassThrough().resume(),
    stdout: stdout ?? new PassThrough().end(),
    stderr: stderr ?? new PassThrough().end(),
    ended: child === undefined ? Promise.resolve(NOT_STARTED) : untilEnd(child),
    kill: (signal) => void child?.kill(signal),
  };
}

const NOT_STARTED: BinaryEnd = { code: undefined, signal: undefined };

async function untilEnd(child: NodeChild): Promise<BinaryEnd> {
  const { promise, resolve } = Promise.withResolvers<BinaryEnd>();
  child.on('error', () => {
    // A signal that cannot be sent is an error as well.
    if (child.pid === undefined) resolve(NOT_STARTED);
  });
  child.once('close', (code, signal) => resolve({ code: code ?? undefined, signal: signal ?? undefined }));
  return await promise;
}

/** Returns undefined for a failure that Node throws; others it reports by an event. */
function trySpawn(
  path: string,
  args: readonly string[],
  { environment, workingDirectory, stdin, stderr, detached }: SpawnBinaryOptions,
): NodeChild | undefined {
  try {
    return spawn(path, args, {
      env: environment,
      cwd: workingDirectory,
      stdio: [stdin, 'pipe', stderr],
      detached,
    });
  } catch {
    return undefined;
  }
}

/** Kills a process that was started detached, and everything that it has started. */
export function killGroup(pid: number | undefined): void {
  if (pid !== undefined) killProcess(-pid);
}

/** Kills one process, or the group of a negative id. */
export function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has gone already.
  }
}
