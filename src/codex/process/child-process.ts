import type { Readable, Writable } from 'node:stream';
import { messageOf } from '../../base/errors.ts';
import { readCpuSeconds } from './cpu-time.ts';
import { readResidentBytes } from './resident-memory.ts';
import { watchDescendants } from './end-descendants.ts';
import { killGroup, spawnBinary } from './spawn-binary.ts';

/** The end of a child. */
export interface Exit {
  readonly code: number | undefined;
  readonly signal: string | undefined;
  /** The line after `Error: ` on its standard error, if there was one. */
  readonly reason: string | undefined;
}

export interface ChildProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly exited: Promise<Exit>;
  /** Closes standard input, then sends SIGTERM, then SIGKILL, each after a while; settles when the child has gone. */
  close(): Promise<void>;
  /** Kills it at once, with everything that it has started. */
  kill(): void;
  /** Returns the seconds of CPU time so far; undefined if the system does not report it. */
  cpuSeconds(): Promise<number | undefined>;
  /** Returns the bytes of memory that it takes; undefined if the system does not report it. */
  residentBytes(): Promise<number | undefined>;
}

export interface SpawnOptions {
  readonly binary: string;
  readonly codexHome: string;
  readonly workingDirectory: string;
  readonly environment: Record<string, string>;
  /** False for a configuration of the user's own, which may have keys of other versions of Codex. */
  readonly isStrict?: boolean;
}

/** Milliseconds until the next, harder step of closing. */
const CLOSE_STEP_MS = 1_500;

/** Characters of standard error that are kept. */
const MAX_STDERR_CHARACTERS = 8_192;

export function spawnAppServer({
  binary,
  codexHome,
  workingDirectory,
  environment,
  isStrict = true,
}: SpawnOptions): ChildProcess {
  const child = spawnBinary(binary, ['app-server', ...(isStrict ? ['--strict-config'] : [])], {
    environment: { ...environment, CODEX_HOME: codexHome },
    workingDirectory,
    stdin: 'pipe',
    stderr: 'pipe',
    // A process group of its own: Ctrl-C in the terminal is for the gateway, which lets running turns end first.
    detached: true,
  });
  // Kept for the reason of a failed start, and shown nowhere else: later it may quote a request.
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-MAX_STDERR_CHARACTERS);
  });
  // The binary may be a script, which would leave the app-server running.
  const kill = () => killGroup(child.pid);
  // A write to a child that has gone is reported by its exit.
  child.stdin.on('error', () => {});
  // A child that can no longer write is useless; one that is about to exit gets the time to do so.
  child.stdout.once('close', () => setTimeout(kill, CLOSE_STEP_MS).unref());

  const exited = child.ended.then((end) => ({ ...end, reason: /^Error: (.*)$/m.exec(stderr)?.[1] }));

  return {
    stdin: child.stdin,
    stdout: child.stdout,
    exited,
    async close() {
      const endDescendants = await watchDescendants(child.pid);
      child.stdin.end();
      const steps = [
        setTimeout(() => child.kill('SIGTERM'), CLOSE_STEP_MS),
        setTimeout(kill, 2 * CLOSE_STEP_MS),
      ];
      await exited;
      for (const step of steps) clearTimeout(step);
      await endDescendants();
    },
    kill,
    cpuSeconds: async () => (child.pid === undefined ? undefined : await readCpuSeconds(child.pid)),
    residentBytes: async () => (child.pid === undefined ? undefined : await readResidentBytes(child.pid)),
  };
}

/** Returns why a child failed: the reason that it gave itself, or else the error that was caught. */
export async function reasonOf({ exited }: ChildProcess, error: unknown): Promise<string> {
  return (await exited).reason ?? messageOf(error);
}
