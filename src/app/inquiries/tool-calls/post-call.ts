import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { sleep } from '../../../base/async/sleep.ts';
import { isJsonObject } from '../../../base/json.ts';

/** Times before the attempts after the first, unless the gateway names one. */
const PAUSES_MS = [500, 1_000, 2_000];

/** Maximum time that the gateway may name; after a longer one the call fails. */
const MAX_PAUSE_MS = 60_000;

export interface ToolPost {
  /** Path of the route. */
  readonly path: string;
  readonly body: object;
}

/** The gateway that has the tools. */
export interface ToolGateway {
  /** `http://127.0.0.1:8000` */
  readonly origin: string;
  readonly token: string;
}

export interface ToolPostOptions {
  readonly gateway: ToolGateway;
  readonly signal: AbortSignal;
  /** Called before a further attempt, with a sentence that says why. */
  onRetry(reason: string, pauseMs: number): void;
}

/** The end of a call. */
export interface ToolAnswer {
  /** Undefined if there was no answer. */
  readonly status: number | undefined;
  /** The output as JSON, or a sentence about the failure. */
  readonly text: string;
}

interface Attempt extends ToolAnswer {
  readonly pauseMs?: number | undefined;
}

/**
 * Makes a call of a tool. Attempts that can succeed later are repeated, all with one idempotency key, so that nothing is done
 * twice. Rejects only if the signal aborts.
 */
export async function postCall(call: ToolPost, options: ToolPostOptions): Promise<ToolAnswer> {
  const { signal, onRetry } = options;
  const key = crypto.randomUUID();
  for (const usualMs of PAUSES_MS) {
    const answer = await attempt(call, key, options);
    const { pauseMs = usualMs } = answer;
    if (!canSucceedLater(answer) || pauseMs > MAX_PAUSE_MS) return answer;
    onRetry(answer.text, pauseMs);
    await sleep(pauseMs, signal);
  }
  return await attempt(call, key, options);
}

/** Returns true for a passing failure; a 409 with a time means that an earlier attempt still runs. */
function canSucceedLater({ status, pauseMs }: Attempt): boolean {
  if (status === undefined || status === 429 || status >= 500) return true;
  return status === 409 && pauseMs !== undefined;
}

async function attempt(call: ToolPost, key: string, options: ToolPostOptions): Promise<Attempt> {
  try {
    return await readAnswer(await send(call, key, options));
  } catch (error) {
    options.signal.throwIfAborted();
    const { code } = error as NodeJS.ErrnoException;
    return {
      status: undefined,
      text: `The gateway does not answer${code === undefined ? '' : ` (${code})`}.`,
    };
  }
}

/** Sends a call by Node's own client: `fetch` gives up after five minutes, and tests may take an hour. */
async function send(
  { path, body }: ToolPost,
  key: string,
  { gateway, signal }: ToolPostOptions,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const outgoing = request(`${gateway.origin}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${gateway.token}`,
      'content-type': 'application/json',
      'x-assistant': 'codex',
      'idempotency-key': key,
    },
    agent: false,
    signal,
  });
  outgoing.once('response', resolve).once('error', reject);
  outgoing.end(JSON.stringify(body));
  return await promise;
}

async function readAnswer(incoming: IncomingMessage): Promise<Attempt> {
  const { statusCode: status = 500, headers } = incoming;
  const body = await text(incoming);
  if (status === 200) return { status, text: body };
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  return {
    status,
    text: describeProblem(body) ?? `The gateway answered with HTTP ${status}.`,
    pauseMs: Number.isNaN(seconds) ? undefined : seconds * 1_000,
  };
}

/** Returns the sentence of a body with problem details. */
function describeProblem(body: string): string | undefined {
  try {
    const problem: unknown = JSON.parse(body);
    return isJsonObject(problem) && typeof problem.detail === 'string' ? problem.detail : undefined;
  } catch {
    return undefined;
  }
}
