import { abortable } from '../../base/async/abort.ts';
import { killGroup, spawnBinary } from './spawn-binary.ts';

export interface RunBinaryOptions {
  readonly environment: Record<string, string>;
  readonly workingDirectory?: string;
  /** Milliseconds after which it is killed. */
  readonly timeoutMs: number;
  /** Most bytes that it may print. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

/**
 * Runs an executable and returns what it prints; undefined if it fails, prints too much, or takes too long. It leaves nothing
 * running: it may be any program, or a script whose children keep its output open.
 */
export async function runBinary(
  path: string,
  args: readonly string[],
  { environment, workingDirectory, timeoutMs, maxBytes, signal }: RunBinaryOptions,
): Promise<string | undefined> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const ending = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const child = spawnBinary(path, args, {
    environment,
    workingDirectory,
    stdin: 'ignore',
    stderr: 'ignore',
    detached: true,
  });
  try {
    const output = await abortable(readAll(child.stdout, maxBytes), ending);
    const { code } = await abortable(child.ended, ending);
    return code === 0 ? output : undefined;
  } catch {
    child.stdout.destroy();
    killGroup(child.pid);
    await child.ended;
    return undefined;
  }
}

async function readAll(stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > maxBytes) throw new Error('too much');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
