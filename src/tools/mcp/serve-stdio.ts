import { PassThrough, type Readable, type Writable } from 'node:stream';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { withTimeout } from '../../base/async/with-timeout.ts';
import { ClientGoneError } from '../../base/errors.ts';
import type { ToolCaller } from '../tool.ts';
import { createToolServer, type ServerParts } from './mcp-server.ts';
import { createOpenQuestions } from './open-questions.ts';
import { createRunningCalls } from './running-calls.ts';
import { trackTransport } from './tracked-transport.ts';

export interface StdioOptions extends Pick<ServerParts, 'service' | 'version' | 'describeError'> {
  readonly input: Readable;
  readonly output: Writable;
  /** Maximum bytes of one message; a longer one ends the connection. */
  readonly messageLimitBytes: number;
  /** Aborts when the process has to end. */
  readonly signal: AbortSignal;
  /** Called when a message could not be read, or an answer not be written. */
  onProblem(): void;
}

/** The client over stdio is the one that has started the process. */
const CALLER: ToolCaller = { id: 'stdio', name: 'stdio' };

/** Time for answers that are nearly there when the input has ended: a script may send everything at once. */
const LAST_ANSWERS_MS = 500;

/** Time for calls that were cancelled to end what they have started. */
const SETTLE_MS = 5_000;

/** Serves one client over its input and output. Resolves when the client has gone and no call runs any more. */
export async function serveToolsOverStdio(options: StdioOptions): Promise<void> {
  const { service, version, describeError, input, output, signal } = options;
  const calls = createRunningCalls();
  const leaving = new AbortController();
  const parts: ServerParts = {
    service,
    version,
    describeError,
    questions: createOpenQuestions(),
    leaving: leaving.signal,
  };
  // The input of the SDK ends only when the last answers are out.
  const messages = new PassThrough();
  input.pipe(messages, { end: false });
  const tracked = trackTransport(
    new StdioServerTransport(messages, output, { maxBufferSize: options.messageLimitBytes }),
  );
  const handle = serveStdio(
    ({ era }) => createToolServer({ ...parts, caller: CALLER, isModern: era === 'modern', calls }),
    { transport: tracked.transport, onerror: options.onProblem },
  );

  const how = await untilOver(input, tracked.closed, signal);
  if (how === 'ended') await withTimeout(tracked.answered(), LAST_ANSWERS_MS);
  input.unpipe(messages).destroy();
  leaving.abort();
  calls.abortAll(new ClientGoneError());
  const settled = calls.settled();
  await handle.close();
  await withTimeout(settled, SETTLE_MS);
}

/** Resolves to `ended` when the client has sent everything, or to `broken` when it cannot be answered any more. */
async function untilOver(
  input: Readable,
  closed: Promise<void>,
  signal: AbortSignal,
): Promise<'ended' | 'broken'> {
  const { promise, resolve } = Promise.withResolvers<'ended' | 'broken'>();
  const end = () => resolve('ended');
  const breakOff = () => resolve('broken');
  input.once('end', end).once('close', end).once('error', breakOff);
  void closed.then(breakOff);
  if (signal.aborted) breakOff();
  signal.addEventListener('abort', breakOff, { once: true });
  const how = await promise;
  signal.removeEventListener('abort', breakOff);
  return how;
}
