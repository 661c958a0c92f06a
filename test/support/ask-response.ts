import type OpenAI from 'openai';
import type { TestGateway } from './gateway.ts';
import { parseData, readEvents } from './read-events.ts';

/** Both ways in which a response is answered. */
export const RESPONSE_WAYS = ['whole', 'streamed'] as const;

/** A raw event, with every field that any event has. */
export interface SentEvent {
  readonly type: string;
  readonly sequence_number: number;
  readonly response?: OpenAI.Responses.Response;
  readonly [field: string]: unknown;
}

/** An answer of `/v1/responses`, or what came in its place. */
export interface ToldResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The response, that of the last event in a stream; an error body has none. */
  readonly response: OpenAI.Responses.Response | undefined;
  readonly events: readonly SentEvent[];
  readonly error:
    | { readonly message: string; readonly param: string | null; readonly code: string | null }
    | undefined;
}

/** Asks for a response and reads it to its end; `model` and `input` need not be given. */
export async function askResponse(gateway: TestGateway, body: object): Promise<ToldResponse> {
  const given = { model: 'gpt-5.5', input: 'hello', ...body };
  const reply = await gateway.fetch('/v1/responses', { method: 'POST', body: JSON.stringify(given) });
  const { status, headers } = reply;
  const text = await reply.text();
  if (headers.get('content-type')?.startsWith('text/event-stream')) {
    const events = eventsOf(text);
    return { status, headers, events, response: events.at(-1)?.response, error: undefined };
  }
  const whole = JSON.parse(text) as OpenAI.Responses.Response & { error?: ToldResponse['error'] };
  const isError = whole.object !== 'response';
  return {
    status,
    headers,
    events: [],
    response: isError ? undefined : whole,
    error: isError ? whole.error : undefined,
  };
}

/** Everything that a stream of a response says. */
export function eventsOf(text: string): SentEvent[] {
  return readEvents(text, false).events.map(({ data }) => parseData(data) as SentEvent);
}
