import { Writable, type Readable } from 'node:stream';
import { encodeProblem } from '../../http/tools/encode-problem.ts';
import { VERSION } from '../config/version.ts';
import type { Output } from '../log/output.ts';
import { openTools, type OpenToolsOptions } from './open-tools.ts';

export interface StdioToolsOptions extends OpenToolsOptions {
  readonly input: Readable;
  readonly output: Output;
  readonly messageLimitBytes: number;
  /** Aborts when the process has to end. */
  readonly signal: AbortSignal;
}

/** Serves the internal tools to the client at the other end of the input and output, until it leaves. */
export async function serveStdioTools(options: StdioToolsOptions): Promise<void> {
  const { observer, input, output, messageLimitBytes, signal } = options;
  const tools = await openTools(options);
  try {
    const { serveToolsOverStdio } = await import('../../tools/mcp/serve-stdio.ts');
    await serveToolsOverStdio({
      service: tools.service,
      version: VERSION,
      describeError: (error) => encodeProblem(error).body,
      input,
      output: asStream(output),
      messageLimitBytes,
      signal,
      onProblem: () =>
        observer.observe({ type: 'connection-broken', problem: 'a message could not be read or written' }),
    });
  } finally {
    await tools.close();
  }
}

/** Returns a stream that ends with the reader, and that never blocks the process while the reader waits. */
function asStream(output: Output): Writable {
  return new Writable({
    decodeStrings: false,
    write(text: string, _encoding, done) {
      // oxlint-disable-next-line promise/no-callback-in-promise -- Streams take callbacks.
      void writeAll(output, text).then(done);
    },
  });
}

/** Writes text; resolves to the reason if that failed. */
async function writeAll(output: Output, text: string): Promise<Error | null> {
  output.write(text);
  await output.settle();
  const problem = output.takeProblem();
  return problem === undefined ? null : new Error(problem);
}
