import { execa } from 'execa';
import { abortable } from '../../base/async/abort.ts';
import { endGroup } from './process-group.ts';

export interface BinaryQuestion {
  readonly environment: Record<string, string>;
  readonly workingDirectory?: string;
  /** Milliseconds until the answer must be there. */
  readonly patience: number;
  /** Bytes that an answer may have. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

/**
 * Runs an executable and returns what it prints; undefined when it fails, prints too much, or takes too long. Nothing of
 * it is left running: it may be any program, or a script whose children hold its output open.
 */
export async function askBinary(
  path: string,
  args: readonly string[],
  { environment, workingDirectory, patience, maxBytes, signal }: BinaryQuestion,
): Promise<string | undefined> {
  const timeout = AbortSignal.timeout(patience);
  const ending = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const child = execa(path, args, {
    env: environment,
    extendEnv: false,
    ...(workingDirectory !== undefined && { cwd: workingDirectory }),
    stdin: 'ignore',
    stderr: 'ignore',
    buffer: false,
    reject: false,
    detached: true,
  });
  const ended = child.then(({ failed }) => !failed);
  try {
    const answer = await abortable(readAll(child.stdout, maxBytes), ending);
    const isGood = await abortable(ended, ending);
    return isGood ? answer : undefined;
  } catch {
    child.stdout.destroy();
    endGroup(child.pid);
    await ended;
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
