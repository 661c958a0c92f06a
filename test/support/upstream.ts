import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { acceptSockets, type UpstreamSockets } from './upstream-sockets.ts';

/** A request that Codex made of the scripted model provider. */
export interface UpstreamRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: UpstreamBody;
  /** The body as it came. */
  readonly text: string;
  readonly bytes: number;
  /** Settles when Codex closes the connection before the answer has ended. */
  readonly aborted: Promise<void>;
}

interface UpstreamBody {
  readonly model: string;
  readonly input: readonly UpstreamItem[];
  readonly tools?: readonly unknown[];
  readonly [key: string]: unknown;
}

/** An item of the conversation, as far as tests look at it. */
export interface UpstreamItem {
  readonly type?: string;
  readonly role?: string;
  readonly phase?: string;
  readonly content?: readonly { readonly text?: string }[];
  readonly name?: string;
  readonly call_id?: string;
  readonly arguments?: string;
  readonly output?: string | readonly { readonly text?: string }[];
  readonly tools?: readonly unknown[];
}

/** Answers one request of Codex. */
export type Script = (request: UpstreamRequest, response: ServerResponse) => void | Promise<void>;

export interface Upstream {
  readonly baseUrl: string;
  readonly requests: UpstreamRequest[];
  /** WebSockets, if it accepts them. */
  readonly sockets: UpstreamSockets | undefined;
  /** Sets the answer to all requests from now on. */
  use(script: Script): void;
  close(): Promise<void>;
}

/** Throws rather than replace a byte. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

interface UpstreamOptions {
  /** Lets Codex ask over WebSockets as well. */
  readonly hasSockets?: boolean;
}

/** A Responses API on loopback that answers by script. */
export async function startUpstream(
  initial: Script = say('Hello.'),
  { hasSockets = false }: UpstreamOptions = {},
): Promise<Upstream> {
  const requests: UpstreamRequest[] = [];
  const sockets = new Set<Socket>();
  let script = initial;
  const server = createServer((incoming, response) => void answer(incoming, response));
  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    // It lists no models.
    if (incoming.method === 'GET') return void response.writeHead(404).end();
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    await answerBody(incoming, Buffer.concat(chunks), response);
  }
  async function answerBody(
    incoming: IncomingMessage,
    bytes: Buffer,
    response: ServerResponse,
  ): Promise<void> {
    const aborted = Promise.withResolvers<void>();
    response.once('close', () => {
      if (!response.writableFinished) aborted.resolve();
    });
    const text = UTF8.decode(bytes);
    const request = {
      headers: incoming.headers,
      body: JSON.parse(text) as UpstreamBody,
      text,
      bytes: bytes.length,
      aborted: aborted.promise,
    };
    requests.push(request);
    await script(request, response);
  }
  const socketsOf = hasSockets ? acceptSockets(server, (...given) => void answerBody(...given)) : undefined;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    sockets: socketsOf,
    use: (next) => {
      script = next;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const USAGE = {
  input_tokens: 11,
  input_tokens_details: { cached_tokens: 3 },
  output_tokens: 7,
  output_tokens_details: { reasoning_tokens: 2 },
  total_tokens: 18,
};

export function sendEvent(
  response: ServerResponse,
  event: { readonly type: string; readonly [key: string]: unknown },
): void {
  response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

const MESSAGE = { type: 'message', role: 'assistant', id: 'msg_1' };

export function startResponse(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  sendEvent(response, { type: 'response.created', response: { id: 'resp_1' } });
}

/** The first events of an answer by text. */
export function startMessage(response: ServerResponse, ...deltas: readonly string[]): void {
  startResponse(response);
  sendMessageStart(response);
  for (const delta of deltas) sendDelta(response, delta);
}

export function sendMessageStart(response: ServerResponse): void {
  sendEvent(response, {
    type: 'response.output_item.added',
    output_index: 0,
    item: { ...MESSAGE, content: [] },
  });
}

export function sendDelta(response: ServerResponse, delta: string): void {
  const place = { item_id: MESSAGE.id, output_index: 0, content_index: 0 };
  sendEvent(response, { type: 'response.output_text.delta', ...place, delta });
}

export function sendItemDone(response: ServerResponse, item: object): void {
  sendEvent(response, { type: 'response.output_item.done', output_index: 0, item });
}

export function sendMessageDone(response: ServerResponse, text: string): void {
  sendItemDone(response, { ...MESSAGE, content: [{ type: 'output_text', text, annotations: [] }] });
}

export function sendCompleted(
  response: ServerResponse,
  usage: object | null = USAGE,
  further: object = {},
): void {
  sendEvent(response, { type: 'response.completed', response: { id: 'resp_1', usage, ...further } });
  response.end();
}

/** Answers with a text in the given pieces. */
export function say(...deltas: readonly string[]): Script {
  return (_request, response) => {
    startMessage(response, ...deltas);
    sendMessageDone(response, deltas.join(''));
    sendCompleted(response);
  };
}

/** Sends a text and leaves the answer open. */
export function stall(text: string): Script {
  return (_request, response) => startMessage(response, text);
}

/** Sends a text, and cuts the connection once it is on its way. */
export function breakOff(text: string): Script {
  return (_request, response) => {
    startMessage(response, text);
    setImmediate(() => response.destroy());
  };
}

/** Answers with items that come whole. */
export function sendItem(...items: readonly object[]): Script {
  return (_request, response) => {
    startResponse(response);
    for (const item of items) sendItemDone(response, item);
    sendCompleted(response);
  };
}

/** Refuses a request in OpenAI's shape. */
export const failWith = (status: number, code: string): Script =>
  refuse(status, { error: { message: 'no', type: 'x', param: null, code } });

/** Begins an answer and fails it, before anything is said. */
export function failLater(code: string): Script {
  return (_request, response) => {
    startResponse(response);
    const error = { code, message: 'no' };
    sendEvent(response, { type: 'response.failed', response: { id: 'resp_1', error } });
    response.end();
  };
}

/** Refuses with an HTTP status and a JSON body. */
export function refuse(status: number, body: unknown, headers: Record<string, string> = {}): Script {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}
