import { Agent, request as startRequest, type IncomingMessage } from 'node:http';

export interface Call {
  readonly origin: string;
  readonly token: string;
  readonly path: string;
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** Anything but a text is sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** Seconds after which it may be sent again. */
  readonly retryAfter: number | undefined;
  /** The header `x-should-retry`. */
  readonly shouldRetry: string | undefined;
}

/** Code of an error for a request that went over a kept connection while its server closed it: a client sends it again. */
export const CROSSED = 'crossed';

const agent = new Agent({ keepAlive: true, maxSockets: 1024 });

/** Sends one request; rejects if there is no answer. */
export async function openCall({ origin, path, signal, token, ...further }: Call): Promise<IncomingMessage> {
  const { body, method = body === undefined ? 'GET' : 'POST' } = further;
  const answered = Promise.withResolvers<IncomingMessage>();
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    ...further.headers,
  };
  const sent = startRequest(`${origin}${path}`, { agent, method, headers, signal });
  sent.once('response', answered.resolve).on('error', (error: NodeJS.ErrnoException) => {
    const hasCrossed = sent.reusedSocket && error.code === 'ECONNRESET';
    answered.reject(hasCrossed ? Object.assign(error, { code: CROSSED }) : error);
  });
  sent.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
  return await answered.promise;
}

/** Sends one request and reads its answer; rejects if that does not come to its end. */
export async function call(of: Call): Promise<Answer> {
  const response = await openCall(of);
  return answerOf(response, await readText(response));
}

/** Returns an answer whose text was read. */
export function answerOf({ statusCode, headers }: IncomingMessage, text: string): Answer {
  const { 'retry-after': seconds, 'x-should-retry': shouldRetry } = headers;
  return {
    status: statusCode!,
    text,
    retryAfter: seconds === undefined ? undefined : Number(seconds),
    shouldRetry: shouldRetry as string | undefined,
  };
}

/** Returns the text of an answer; rejects if it does not come to its end. */
export async function readText(response: IncomingMessage, slowlyMs = 0): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    text += chunk as string;
    if (slowlyMs > 0) await new Promise((resolve) => setTimeout(resolve, slowlyMs));
  }
  return text;
}

/** Returns the data of the events in a stream. */
export function eventsOf(text: string): string[] {
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => data!);
}

/** Closes the connections that are kept. */
export function closeConnections(): void {
  agent.destroy();
}
