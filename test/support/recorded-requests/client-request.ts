import type { Script } from '../upstream.ts';

/** A reply of the gateway: its JSON, or the last event of a stream of a response. */
export interface Reply {
  readonly id: string;
  readonly output?: readonly { readonly [key: string]: unknown }[];
}

/** A request that a client makes, and how the scripted provider answers it. */
export interface ClientRequest {
  /** `SOCKET` for a response over a WebSocket, one for all requests of a case. */
  readonly path: string;
  /** Text goes out unchanged; a function gets the replies to the earlier requests of the same case. */
  readonly body: object | string | ((replies: readonly Reply[]) => object);
  /** By default, the provider says hello. */
  readonly script?: Script | undefined;
  /** True if the gateway asks the provider for several answers at once, in no fixed order. */
  readonly severalAtOnce?: boolean;
}

export const SOCKET = 'socket';

/** Cases by name; the requests of a case are made one after the other. */
export type RecordedCases = Readonly<Record<string, readonly ClientRequest[]>>;

type Body = ClientRequest['body'];

const withDefaults = (body: Body, defaults: object): Body => {
  if (typeof body === 'string') return body;
  if (typeof body === 'function') return (replies) => ({ ...defaults, ...body(replies) });
  return { ...defaults, ...body };
};

export const HELLO = [{ role: 'user', content: 'hello' }];

/** A chat completion; `model` and `messages` can be left out. */
export function chat(body: Body, script?: Script): ClientRequest {
  const path = '/v1/chat/completions';
  return { path, body: withDefaults(body, { model: 'gpt-5.5', messages: HELLO }), script };
}

/** A response; `model` and `input` can be left out. */
export function respond(body: Body, script?: Script): ClientRequest {
  return { path: '/v1/responses', body: withDefaults(body, { model: 'gpt-5.5', input: 'hello' }), script };
}

/** A response over a WebSocket. */
export function respondOverSocket(body: Body, script?: Script): ClientRequest {
  return { ...respond(body, script), path: SOCKET };
}

/** A text completion; `model` and `prompt` can be left out. */
export function complete(body: object): ClientRequest {
  return { path: '/v1/completions', body: { model: 'gpt-5.5', prompt: 'hello', ...body } };
}

/** A summary of a conversation. */
export function compact(body: Body, script?: Script): ClientRequest {
  return { path: '/v1/responses/compact', body: withDefaults(body, { model: 'gpt-5.5' }), script };
}

/** Two models that Codex knows, and one that it does not. */
const MODELS = ['gpt-5.5', 'gpt-6-sol', 'unheard-of'] as const;

/** Makes the same case for every model. */
export function forEveryModel(
  name: string,
  requestsOf: (model: string) => readonly ClientRequest[],
): RecordedCases {
  return Object.fromEntries(MODELS.map((model) => [`${name}-${model}`, requestsOf(model)]));
}

/** A PNG of one pixel. */
export const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
export const PNG_URL = `data:image/png;base64,${PNG}`;

export const base64 = (text: string) => Buffer.from(text).toString('base64');
