import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import OpenAI from 'openai';
import type { Response, ResponseInputItem, ResponsesServerEvent } from 'openai/resources/responses/responses';
import { beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startTestGateway, TOKEN } from '../support/gateway.ts';
import { until } from '../support/process.ts';
import { connect, type ResponseSocket } from '../support/response-socket.ts';
import { checkResponseEvents } from '../support/response-stream-checker.ts';
import { outputsOf } from '../support/upstream-tools.ts';
import { refuse, say, stall, type UpstreamRequest } from '../support/upstream.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';
import * as weather from '../support/weather.ts';
import { loadWireChecker } from '../support/wire-checker.ts';

const gateway = useTestGateway({ config: { bodyLimit: 100_000 } });
const MODEL = 'gpt-5.5';
const NOT_FOUND = {
  type: 'error',
  status: 400,
  error: { code: 'previous_response_not_found', param: 'previous_response_id' },
};

beforeEach(() => gateway.upstream.use(say('Hel', 'lo.')));

/** The response with which events end. */
function endOf(events: readonly ResponsesServerEvent[]): Response {
  const last = events.at(-1)!;
  if (last.type !== 'response.completed') throw new Error(`ended with ${JSON.stringify(last)}`);
  return last.response;
}

const textOf = ({ output }: Response) =>
  output
    .flatMap((item) => (item.type === 'message' ? item.content : []))
    .map((part) => (part.type === 'output_text' ? part.text : ''))
    .join('');

/** Returns the texts in a request, except the instructions about tools. */
const said = ({ body }: UpstreamRequest) =>
  body.input
    .filter(({ type, role }) => type === 'message' && role !== 'developer')
    .map(({ content }) => content?.[0]?.text);

const lastRequest = () => gateway.upstream.requests.at(-1)!;

/** Begins a response that nobody keeps, and returns its id. */
async function begin(socket: ResponseSocket, input = 'One.'): Promise<string> {
  return endOf(await socket.ask({ model: MODEL, input, store: false })).id;
}

describe.each(['gpt-5.5', 'gpt-6-sol'])('the openai SDK, over a WebSocket, on %s', (model) => {
  it('continues unstored responses, each with the events of an HTTP stream', async () => {
    const checkWire = await loadWireChecker();
    const socket = connect(gateway.client);
    let previous: string | undefined;
    for (const input of ['One.', 'Two.', 'Three.']) {
      const events = await socket.ask({
        model,
        input,
        store: false,
        ...(previous !== undefined && { previous_response_id: previous }),
      });
      expect(checkResponseEvents(events, checkWire)).toEqual([]);
      const response = endOf(events);
      expect(response).toMatchObject({ model, previous_response_id: previous ?? null, store: false });
      expect(textOf(response)).toBe('Hello.');
      previous = response.id;
    }
    expect(said(lastRequest())).toEqual(['One.', 'Hello.', 'Two.', 'Hello.', 'Three.']);
    const { client } = gateway;
    await expect(client.responses.retrieve(previous!)).rejects.toMatchObject({ status: 404 });
  });

  it.each([
    ['one after the other', weather.oneByOne],
    ['side by side', weather.sideBySide],
  ])('runs tools %s, and sends only their results', async (_name, script) => {
    gateway.upstream.use(script);
    const socket = connect(gateway.client);
    const tool = {
      type: 'function',
      ...weather.TOOL,
      parameters: weather.CITY_SCHEMA,
      strict: true,
    } as const;
    const options = { model, tools: [tool], store: false };
    let response = endOf(await socket.ask({ ...options, input: weather.QUESTION }));
    for (let outputs = runCalls(response); outputs.length > 0; outputs = runCalls(response)) {
      const next = { ...options, input: outputs, previous_response_id: response.id };
      response = endOf(await socket.ask(next));
    }
    expect(textOf(response)).toBe(weather.ANSWER);
    expect(outputsOf(lastRequest())).toEqual(weather.OUTPUTS);
  });

  it('prepares a response that others continue', async () => {
    const socket = connect(gateway.client);
    const events = await socket.ask({ model, input: 'One.', store: false, generate: false });
    expect(events.map(({ type }) => type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.completed',
    ]);
    expect(endOf(events)).toMatchObject({ output: [], usage: { total_tokens: 0 } });
    expect(gateway.upstream.requests).toEqual([]);
    const next = { model, input: 'Two.', store: false, previous_response_id: endOf(events).id };
    expect(textOf(endOf(await socket.ask(next)))).toBe('Hello.');
    expect(said(lastRequest())).toEqual(['One.', 'Two.']);
  });

  it('prepares a response with the effort and service tier of its answer', async () => {
    const socket = connect(gateway.client);
    const asked = { model, input: 'One.', reasoning: { effort: 'minimal' }, service_tier: 'flex' } as const;
    const prepared = endOf(await socket.ask({ ...asked, store: false, generate: false }));
    const answered = endOf(await socket.ask(asked));
    expect(prepared.reasoning).toEqual(answered.reasoning);
    expect(prepared.service_tier).toBe(answered.service_tier);
  });
});

function runCalls({ output }: Response): ResponseInputItem.FunctionCallOutput[] {
  return output
    .filter((item) => item.type === 'function_call')
    .map(({ call_id, arguments: given }) => ({
      type: 'function_call_output',
      call_id,
      output: weather.weatherIn(weather.CITY.parse(JSON.parse(given))),
    }));
}

describe('the state of a connection', () => {
  it('stays with that connection', async () => {
    const [one, other] = [connect(gateway.client), connect(gateway.client)];
    const id = await begin(one);
    expect(await other.ask({ model: MODEL, input: 'Two.', previous_response_id: id })).toMatchObject([
      NOT_FOUND,
    ]);
    // To have been asked for by another is not a failure of its own.
    endOf(await one.ask({ model: MODEL, input: 'Two.', previous_response_id: id, store: false }));
  });

  it('is lost with that connection', async () => {
    const first = connect(gateway.client);
    const id = await begin(first);
    first.client.close();
    await first.closed;
    const again = connect(gateway.client);
    expect(await again.ask({ model: MODEL, input: 'Two.', previous_response_id: id })).toMatchObject([
      NOT_FOUND,
    ]);
  });

  it('is stored on request, including unstored beginnings', async () => {
    const socket = connect(gateway.client);
    const id = await begin(socket);
    const stored = endOf(await socket.ask({ model: MODEL, input: 'Two.', previous_response_id: id }));
    expect(textOf(await gateway.client.responses.retrieve(stored.id))).toBe('Hello.');
    const next = { model: MODEL, input: 'Three.', previous_response_id: stored.id, store: false };
    endOf(await socket.ask(next));
    expect(said(lastRequest())).toEqual(['One.', 'Hello.', 'Two.', 'Hello.', 'Three.']);
    // Over HTTP, what it goes on with is not known.
    await expect(gateway.client.responses.create(next)).rejects.toMatchObject({
      code: 'previous_response_not_found',
    });
  });

  it('is available over HTTP and after a reconnection when the response is stored', async () => {
    const socket = connect(gateway.client);
    const { id } = endOf(await socket.ask({ model: MODEL, input: 'One.' }));
    const next = { model: MODEL, input: 'Two.', previous_response_id: id };
    await gateway.client.responses.create(next);
    endOf(await connect(gateway.client).ask(next));
    expect(said(lastRequest())).toEqual(['One.', 'Hello.', 'Two.']);
  });

  it('drops a response whose continuation failed', async () => {
    const socket = connect(gateway.client);
    const id = await begin(socket);
    const output = { type: 'function_call_output', call_id: 'call_nobody_made', output: 'x' } as const;
    const options = { model: MODEL, previous_response_id: id, store: false };
    expect(await socket.ask({ ...options, input: [output] })).toMatchObject([
      { type: 'error', status: 400, error: { type: 'invalid_request_error' } },
    ]);
    expect(await socket.ask({ ...options, input: 'Two.' })).toMatchObject([NOT_FOUND]);
    await begin(socket);
  });

  it('drops a response after which the provider failed', async () => {
    const socket = connect(gateway.client);
    const id = await begin(socket);
    gateway.upstream.use(refuse(400, { error: { message: 'No.', type: 'invalid_request_error' } }));
    const options = { model: MODEL, previous_response_id: id, store: false };
    const [failure] = await socket.ask({ ...options, input: 'Two.' });
    expect(failure).toMatchObject({ type: 'error', status: 400 });
    expect(await socket.ask({ ...options, input: 'Two.' })).toMatchObject([NOT_FOUND]);
  });
});

it('several connections run side by side', async () => {
  const bothAreHere = Promise.withResolvers<void>();
  let waiting = 0;
  gateway.upstream.use(async (request, response) => {
    waiting += 1;
    if (waiting === 2) bothAreHere.resolve();
    await bothAreHere.promise;
    await say(`to ${said(request).at(-1)}`)(request, response);
  });
  const sockets = [connect(gateway.client), connect(gateway.client)];
  const asked = sockets.map((socket, index) =>
    socket.ask({ model: MODEL, input: `q${index}`, store: false }),
  );
  expect((await Promise.all(asked)).map((events) => textOf(endOf(events)))).toEqual(['to q0', 'to q1']);
});

it('requests that are sent at once are answered in their order', async () => {
  gateway.upstream.use((request, response) => say(`to ${said(request).at(-1)}`)(request, response));
  const socket = connect(gateway.client);
  const lanes = ['a', 'b', 'a'];
  for (const [index, stream_id] of lanes.entries()) {
    socket.send({ model: MODEL, input: `q${index}`, store: false, stream_id });
  }
  for (const [index, stream_id] of lanes.entries()) {
    const events = await socket.rest();
    expect(textOf(endOf(events))).toBe(`to q${index}`);
    expect(events.every((event) => event.stream_id === stream_id)).toBe(true);
  }
});

it('a failure within a response is reported in it, and the connection stays open', async () => {
  gateway.upstream.use(async (request, response) => {
    await stall('Hel')(request, response);
    setImmediate(() => response.destroy());
  });
  const socket = connect(gateway.client);
  const events = await socket.ask({ model: MODEL, input: 'Hi.', store: false });
  expect(events.slice(-2)).toMatchObject([
    { type: 'error', error: { type: 'server_error' } },
    { type: 'response.failed', response: { status: 'failed', error: { code: 'server_error' } } },
  ]);
  gateway.upstream.use(say('Hello.'));
  await begin(socket);
});

it('a client that goes away ends the request to the provider', async () => {
  gateway.upstream.use(stall('Hel'));
  const socket = connect(gateway.client);
  socket.send({ model: MODEL, input: 'Hi.', store: false });
  while ((await socket.next()).type !== 'response.output_text.delta');
  socket.client.close();
  expect(await lastRequest().aborted).toBeUndefined();
});

it('a response whose client leaves is stored as cancelled', async () => {
  gateway.upstream.use(stall('Hel'));
  const socket = connect(gateway.client);
  socket.send({ model: MODEL, input: 'Hi.' });
  const created = await socket.next();
  while ((await socket.next()).type !== 'response.output_text.delta');
  socket.client.close();
  await lastRequest().aborted;
  const { id } = created.response as Response;
  const kept = () => gateway.client.responses.retrieve(id);
  await expect.poll(() => kept().catch(() => undefined)).toMatchObject({ status: 'cancelled', error: null });
});

it('a message over the limit of a body ends the connection', async () => {
  const socket = connect(gateway.client);
  socket.send({ model: MODEL, input: 'x'.repeat(100_000), store: false });
  expect(await socket.closed).toBe(1009);
});

describe('a handshake', () => {
  const handshake = async (options: object) => {
    const socket = new WebSocket(`${gateway.running.origin.replace('http', 'ws')}/v1/responses`, options);
    socket.on('error', () => {});
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    response.resume();
    return response.statusCode;
  };
  it('is refused for a wrong token', async () => {
    expect(await handshake({ headers: { authorization: 'Bearer wrong' } })).toBe(401);
    const client = new OpenAI({ baseURL: `${gateway.running.origin}/v1`, apiKey: 'wrong' });
    expect(await connect(client).closed).toBe(1006);
  });
  it('is refused for a page of another host', async () => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect(await handshake({ headers, origin: 'https://evil.example' })).toBe(403);
  });
});

describe('when the gateway ends', () => {
  it('closes an idle connection at once', async () => {
    const own = await startTestGateway();
    const socket = connect(own.client);
    own.upstream.use(say('Hello.'));
    await begin(socket);
    const ending = own.close(new AbortController().signal);
    expect(await socket.closed).toBe(1001);
    await ending;
  });

  it('lets a response end within its time', async () => {
    const own = await startTestGateway();
    const gate = Promise.withResolvers<void>();
    own.upstream.use(async (request, response) => {
      await gate.promise;
      await say('Hello.')(request, response);
    });
    const socket = connect(own.client);
    const asked = socket.ask({ model: MODEL, input: 'Hi.', store: false });
    await until(() => own.upstream.requests.length > 0);
    const ending = own.close(new AbortController().signal);
    gate.resolve();
    expect(textOf(endOf(await asked))).toBe('Hello.');
    expect(await socket.closed).toBe(1001);
    await ending;
  });

  it('fails a response that does not end', async () => {
    const own = await startTestGateway();
    own.upstream.use(stall('Hel'));
    const socket = connect(own.client);
    socket.send({ model: MODEL, input: 'Hi.', store: false });
    while ((await socket.next()).type !== 'response.output_text.delta');
    const ending = own.close(AbortSignal.abort());
    expect((await socket.rest()).at(-1)).toMatchObject({ type: 'response.failed' });
    expect(await socket.closed).toBe(1001);
    await ending;
  });
});
