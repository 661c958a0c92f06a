import type { Readable, Writable } from 'node:stream';
import { execa } from 'execa';
import { messageOf } from '../../base/errors.ts';
import { readCpuTime } from './cpu-time.ts';
import { endGroup } from './process-group.ts';

/** How a child ended. */
export interface Exit {
  readonly code: number | undefined;
  readonly signal: string | undefined;
  /** The line after `Error: ` on its standard error, where there was one. */
  readonly reason: string | undefined;
}

export interface ChildProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly exited: Promise<Exit>;
  /** Closes standard input, then SIGTERM, then SIGKILL, each after a while; settles when the child has gone. */
  close(): Promise<void>;
  /** The hard way, with all that it has started. */
  kill(): void;
  /** Seconds of CPU time so far; undefined if the system does not report it. */
  cpuSeconds(): Promise<number | undefined>;
}

export interface SpawnOptions {
  readonly binary: string;
  readonly codexHome: string;
  readonly workingDirectory: string;
  readonly environment: Record<string, string>;
}

/** Milliseconds until the next, harder step of closing. */
const PATIENCE = 1_500;
const STDERR_KEPT = 8_192;

/** Why a child did not do what it was started for: its own word, else what was thrown. */
export async function reasonOf({ exited }: ChildProcess, error: unknown): Promise<string> {
  return (await exited).reason ?? messageOf(error);
}

export function spawnAppServer({
  binary,
  codexHome,
  workingDirectory,
  environment,
}: SpawnOptions): ChildProcess {
  const child = execa(binary, ['app-server', '--strict-config'], {
    env: { ...environment, CODEX_HOME: codexHome },
    extendEnv: false,
    cwd: workingDirectory,
    stdin: 'pipe',
    buffer: false,
    reject: false,
    // A process group of its own: Ctrl-C in the terminal is for the gateway, which lets running turns end first.
    detached: true,
    encoding: 'utf8',
  });
  // Kept for the reason of a start that failed, and shown nowhere else: later it may quote a request.
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT);
  });
  // A script around the binary would leave that running.
  const kill = () => endGroup(child.pid);
  // A write to a child that has gone is reported by its exit.
  child.stdin.on('error', () => {});
  // One that lives on without a voice is of no use; one that is ending gets the time to.
  child.stdout.once('close', () => setTimeout(kill, PATIENCE).unref());

  const exited = child.then(({ exitCode, signal }) => ({
    code: exitCode,
    signal,
    reason: /^Error: (.*)$/m.exec(stderr)?.[1],
  }));

  return {
    stdin: child.stdin,
    stdout: child.stdout,
    exited,
    async close() {
      child.stdin.end();
      const steps = [setTimeout(() => child.kill('SIGTERM'), PATIENCE), setTimeout(kill, 2 * PATIENCE)];
      await exited;
      for (const step of steps) clearTimeout(step);
    },
    kill,
    cpuSeconds: async () => (child.pid === undefined ? undefined : await readCpuTime(child.pid)),
  };
}
