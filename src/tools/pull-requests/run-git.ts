import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { settingVariables } from './git-environment.ts';

/** A clone, and the environment in which git runs in it. */
export interface GitPlace {
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface GitOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  /** Bytes of output after which git is ended. */
  readonly maxBytes?: number;
  /** Settings of git for this call. */
  readonly settings?: readonly (readonly [key: string, value: string])[];
}

interface GitResult {
  /** Undefined if git could not be started, or was ended. */
  readonly code: number | undefined;
  readonly output: Buffer;
  /** Its beginning. */
  readonly complaint: string;
  /** True if there is more output. */
  readonly isCut: boolean;
}

const TIMEOUT_MS = 30_000;
const MAX_BYTES = 1024 * 1024;
const MAX_COMPLAINT_BYTES = 16_384;
/** Milliseconds for git to remove its locks. */
const END_MS = 2_000;
/** Milliseconds for the rest of the output: a connection of ssh that stays open for others may hold its end. */
const DRAIN_MS = 500;

/** Runs git in a clone, and never in a folder above it. Rejects only if the signal aborts, when git and what it started have ended. */
export async function runGit(
  place: GitPlace,
  args: readonly string[],
  { signal, timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES, settings = [] }: GitOptions,
): Promise<GitResult> {
  signal.throwIfAborted();
  const child = spawn('git', ['--no-pager', ...args], {
    cwd: place.path,
    env: {
      ...place.environment,
      ...settingVariables(settings),
      GIT_CEILING_DIRECTORIES: dirname(place.path),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A session of its own: nothing can ask at the terminal, and everything in it ends together.
    detached: true,
  });
  const end = createEnding(child.pid);
  const output = collect(child.stdout, maxBytes, end.begin);
  const complaint = collect(child.stderr, MAX_COMPLAINT_BYTES);
  const timer = setTimeout(end.begin, timeoutMs);
  signal.addEventListener('abort', end.begin);
  const { promise: exited, resolve } = Promise.withResolvers<number | undefined>();
  child.once('error', () => resolve(undefined));
  child.once('exit', (code) => resolve(code ?? undefined));
  const closed = new Promise((settle) => child.once('close', settle));
  const code = await exited;
  clearTimeout(timer);
  signal.removeEventListener('abort', end.begin);
  const drain = setTimeout(() => {
    child.stdout.destroy();
    child.stderr.destroy();
  }, DRAIN_MS);
  if (child.pid !== undefined) await closed;
  clearTimeout(drain);
  end.finish();
  signal.throwIfAborted();
  return {
    code: end.hasBegun() ? undefined : code,
    output: output.read(),
    complaint: complaint.read().toString(),
    isCut: output.isCut(),
  };
}

/** Ends a process group: kindly, and after a while by force. */
function createEnding(pid: number | undefined) {
  let timer: NodeJS.Timeout | undefined;
  function send(name: NodeJS.Signals): void {
    try {
      if (pid !== undefined) process.kill(-pid, name);
    } catch {
      // Nothing of it is left.
    }
  }
  return {
    begin() {
      if (timer !== undefined) return;
      send('SIGTERM');
      timer = setTimeout(send, END_MS, 'SIGKILL');
    },
    hasBegun: () => timer !== undefined,
    /** Ends at once what git has left behind. */
    finish() {
      if (timer === undefined) return;
      clearTimeout(timer);
      send('SIGKILL');
    },
  };
}

/** Keeps the beginning of a stream, and reads the rest so that its writer is not stopped. */
function collect(stream: Readable, maxBytes: number, onFull?: () => void) {
  const blocks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (block: Buffer) => {
    if (bytes < maxBytes) blocks.push(block);
    bytes += block.length;
    if (bytes > maxBytes) onFull?.();
  });
  stream.on('error', () => {});
  return {
    read: () => Buffer.concat(blocks).subarray(0, maxBytes),
    isCut: () => bytes > maxBytes,
  };
}
