import { Agent, request as startRequest, type IncomingMessage } from 'node:http';
import { CHAOS_TOKEN } from '../process/chaos-gateway.ts';

export interface Call {
  readonly origin: string;
  readonly path: string;
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: string;
  readonly token?: string;
  readonly signal: AbortSignal;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1024 });

/** Sends one request; rejects if there is no answer. */
export async function call({ origin, path, body, signal, ...further }: Call): Promise<IncomingMessage> {
  const { method = body === undefined ? 'GET' : 'POST', token = CHAOS_TOKEN } = further;
  const answered = Promise.withResolvers<IncomingMessage>();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const sent = startRequest(`${origin}${path}`, { agent, method, headers, signal });
  sent.once('response', answered.resolve).once('error', answered.reject);
  sent.end(body);
  return await answered.promise;
}

/** Returns the text of an answer; rejects if it does not come to its end. */
export async function readText(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) text += chunk as string;
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
