import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { shuttingDown } from '../../../src/base/errors.ts';
import { END, saying, startSocketGateway, waiting, type Saying } from '../../support/socket-gateway.ts';
import { until } from '../../support/process.ts';

const CREATE = { type: 'response.create', model: 'one', input: 'hello', store: false };

describe('a WebSocket message that is not a valid request', () => {
  it.each([
    ['not JSON', 'x', { code: null, param: null }],
    ['not an object', '[]', { code: null }],
    ['another type', '{"type":"session.update"}', { code: 'invalid_value', param: 'type' }],
    ['no type', '{}', { code: 'invalid_value', param: 'type' }],
    ['a nested response object', '{"type":"response.create","response":{}}', { param: 'response' }],
    ['a stream id without characters', JSON.stringify({ ...CREATE, stream_id: '' }), { param: 'stream_id' }],
    ['a background request', JSON.stringify({ ...CREATE, background: true }), { param: 'background' }],
    ['a binary message', Buffer.from(JSON.stringify(CREATE)), { code: null }],
  ])('gets a 400 and leaves the connection usable: %s', async (_name, message, error) => {
    const gateway = await startSocketGateway(saying('Hi.'));
    const client = await gateway.open();
    client.socket.send(message);
    expect(await client.next()).toMatchObject({
      type: 'error',
      status: 400,
      error: { type: 'invalid_request_error', ...error },
    });
    client.send(CREATE);
    await client.until('response.completed');
  });

  it('gets its input back when it is a steering message', async () => {
    const gateway = await startSocketGateway(saying('Hi.'));
    const client = await gateway.open();
    client.send({ type: 'response.steer', previous_response_id: 'resp_1', input: 'More.' });
    expect(await client.next()).toMatchObject({
      type: 'response.steer.failed',
      error: { code: 'steering_not_supported' },
      steer: { previous_response_id: 'resp_1', input: 'More.' },
    });
  });

  it('closes the connection with 1009 when it is too large', async () => {
    const gateway = await startSocketGateway(saying('Hi.'));
    const client = await gateway.open();
    client.send({ ...CREATE, input: 'x'.repeat(10_000) });
    expect(await client.closed).toBe(1009);
  });
});

it('each WebSocket event names the stream id of its request, errors included', async () => {
  const gateway = await startSocketGateway(saying('Hi.'));
  const client = await gateway.open();
  client.send({ ...CREATE, stream_id: 'a.1' });
  client.send({ ...CREATE, stream_id: 'b', model: 'none' });
  client.send(CREATE);
  const first = await client.until('response.completed');
  expect(new Set(first.map((event) => event.stream_id))).toEqual(new Set(['a.1']));
  expect(await client.next()).toMatchObject({ type: 'error', stream_id: 'b', status: 404 });
  expect((await client.until('response.completed')).filter((event) => 'stream_id' in event)).toEqual([]);
});

it('a WebSocket opened with the strict header refuses fields that would be ignored', async () => {
  const gateway = await startSocketGateway(saying('Hi.'));
  const client = await gateway.open({ headers: { 'x-codex-gateway-strict': '1' } });
  client.send({ ...CREATE, temperature: 0.5 });
  expect(await client.next()).toMatchObject({ status: 400, error: { param: 'temperature' } });
});

it('a WebSocket refuses requests beyond sixteen waiting ones and answers the rest in order', async () => {
  const gate = Promise.withResolvers<void>();
  const gateway = await startSocketGateway(waiting(gate.promise));
  const client = await gateway.open();
  for (let index = 0; index < 18; index += 1) client.send({ ...CREATE, stream_id: `${index}` });
  expect((await client.until('error')).at(-1)).toMatchObject({
    status: 429,
    stream_id: '17',
    error: { code: 'rate_limit_exceeded', headers: { 'x-should-retry': 'true' } },
  });
  gate.resolve();
  const lanes: unknown[] = [];
  while (lanes.length < 17) lanes.push((await client.until('response.completed')).at(-1)!.stream_id);
  expect(lanes).toEqual(Array.from({ length: 17 }, (_, index) => `${index}`));
});

it('the waiting requests of a WebSocket together hold no more bytes than the body limit', async () => {
  const gate = Promise.withResolvers<void>();
  const gateway = await startSocketGateway(waiting(gate.promise));
  const client = await gateway.open();
  client.send(CREATE);
  await client.until('response.in_progress');
  for (const stream_id of ['1', '2']) client.send({ ...CREATE, stream_id, input: 'x'.repeat(6000) });
  expect((await client.until('error')).at(-1)).toMatchObject({ status: 429, stream_id: '2' });
  gate.resolve();
});

it('a client that disconnects its WebSocket ends the turn', async () => {
  const aborted = Promise.withResolvers<void>();
  const gateway = await startSocketGateway((signal) => {
    signal.addEventListener('abort', () => aborted.resolve());
    return waiting(new Promise(() => {}))(signal);
  });
  const client = await gateway.open();
  client.send(CREATE);
  client.send(CREATE);
  await client.until('response.in_progress');
  client.socket.terminate();
  await aborted.promise;
  await until(() => gateway.active.count() === 0 && gateway.log.lines.length === 2);
  expect(
    gateway.log.lines
      .map((line) => line.replace(/"id":"\w+"|"response":"\w+"|"\w*[mM]s":\d+/g, '_'))
      .toSorted(),
  ).toEqual([
    'info request {_,"method":"GET","path":"/v1/responses","status":101,_}',
    'info response {_,"method":"WS","path":"/v1/responses","stream":true,_,"model":"one",_,"outcome":"cancelled",_}',
  ]);
});

describe('a response without output over a WebSocket', () => {
  it('sends the first events and then keepalive events', async () => {
    const gate = Promise.withResolvers<void>();
    const silent: Saying = async function* () {
      await gate.promise;
      yield END;
    };
    const keepAlive = { commentMs: 15_000, heartbeatMs: 20, firstSpaceMs: 0, nextSpaceMs: 1 };
    const gateway = await startSocketGateway(silent, { keepAlive });
    const client = await gateway.open();
    client.send(CREATE);
    const events = await client.until('keepalive');
    gate.resolve();
    events.push(...(await client.until('response.completed')));
    expect(events.map(({ type }) => type).filter((type) => type !== 'keepalive')).toEqual([
      'response.created',
      'response.in_progress',
      'response.completed',
    ]);
    expect(events.map((event) => event.sequence_number)).toEqual([...events.keys()]);
  });

  it('pings its connection', async () => {
    const gateway = await startSocketGateway(waiting(new Promise(() => {})), {
      keepAlive: { commentMs: 20, heartbeatMs: 60_000, firstSpaceMs: 0, nextSpaceMs: 1 },
    });
    const client = await gateway.open();
    await once(client.socket, 'ping');
    expect(await once(client.socket, 'ping')).toHaveLength(1);
  });
});

describe('a WebSocket connection is cut', () => {
  it('when the client does not answer pings', async () => {
    const gateway = await startSocketGateway(saying('Hi.'), {
      keepAlive: { commentMs: 20, heartbeatMs: 60_000, firstSpaceMs: 0, nextSpaceMs: 1 },
      stallLimitMs: 60,
    });
    const client = await gateway.open({ autoPong: false });
    expect(await client.closed).toBe(1006);
  });

  it('when the client does not read, which also ends its turn', async () => {
    const ended = Promise.withResolvers<void>();
    const flood: Saying = async function* () {
      try {
        yield { type: 'message-start', phase: undefined };
        for (;;) yield { type: 'text-delta', text: 'x'.repeat(100_000) };
      } finally {
        ended.resolve();
      }
    };
    const gateway = await startSocketGateway(flood, { stallLimitMs: 50 });
    const client = await gateway.open();
    client.send(CREATE);
    await client.next();
    client.socket.pause();
    await ended.promise;
    await until(() => gateway.active.count() === 0);
    for (const end of ['response', 'websocket ended']) {
      expect(gateway.log.lines.join('\n')).toMatch(new RegExp(`${end} \\{.*"code":"client_too_slow"`));
    }
  });
});

it('a WebSocket client that sends without reading is no longer read', async () => {
  const gateway = await startSocketGateway(saying('Hi.'), { stallLimitMs: 1500, bodyLimitBytes: 1_000_000 });
  const connected = once(gateway.server, 'connection') as Promise<[Socket]>;
  const client = await gateway.open();
  const [connection] = await connected;
  client.socket.pause();
  const steer = { type: 'response.steer', previous_response_id: 'resp_1', input: 'x'.repeat(900_000) };
  for (let sent = 0; sent < 100; sent += 1) client.send(steer);
  await until(() => gateway.active.count() === 0);
  // As much as is on its way from one end to the other, of all that was sent.
  expect(connection.bytesRead).toBeLessThan(50_000_000);
});

describe('a WebSocket connection at the end of its lifetime', () => {
  const EXPIRED = { status: 400, error: { code: 'websocket_connection_limit_reached' } };

  it('sends an error and closes', async () => {
    const gateway = await startSocketGateway(saying('Hi.'), { socketLifetimeMs: 20 });
    const client = await gateway.open();
    expect(await client.next()).toMatchObject(EXPIRED);
    // Clients connect anew after it.
    expect(await client.closed).toBe(1001);
  });

  it('finishes its response first and accepts no other', async () => {
    const slow = () => waiting(new Promise((resolve) => setTimeout(resolve, 600)));
    const gateway = await startSocketGateway((signal) => slow()(signal), { socketLifetimeMs: 500 });
    const client = await gateway.open();
    client.send(CREATE);
    client.send({ ...CREATE, stream_id: 'next' });
    await client.until('response.completed');
    expect(await client.next()).toMatchObject({ ...EXPIRED, stream_id: 'next' });
    expect(await client.closed).toBe(1001);
  });
});

describe('when the gateway shuts down', () => {
  it('a WebSocket without a response closes with 1001', async () => {
    const gateway = await startSocketGateway(saying('Hi.'));
    const client = await gateway.open();
    gateway.sockets.leaveAll();
    expect(await client.closed).toBe(1001);
  });

  it('a WebSocket finishes its response and refuses the waiting requests', async () => {
    const gate = Promise.withResolvers<void>();
    const gateway = await startSocketGateway(waiting(gate.promise));
    const client = await gateway.open();
    client.send(CREATE);
    client.send({ ...CREATE, stream_id: 'next' });
    await client.until('response.in_progress');
    gateway.sockets.leaveAll();
    gate.resolve();
    await client.until('response.completed');
    expect(await client.next()).toMatchObject({
      status: 503,
      stream_id: 'next',
      error: { code: 'shutting_down', headers: { 'retry-after': '5' } },
    });
    expect(await client.closed).toBe(1001);
  });

  it('a WebSocket response that takes too long fails with an error', async () => {
    const gateway = await startSocketGateway(waiting(new Promise(() => {})));
    const client = await gateway.open();
    client.send(CREATE);
    await client.until('response.in_progress');
    gateway.sockets.leaveAll();
    gateway.active.abortAll(shuttingDown());
    expect((await client.until('response.failed')).at(-2)).toMatchObject({
      type: 'error',
      code: 'shutting_down',
    });
    expect(await client.closed).toBe(1001);
  });

  it('a WebSocket opened during the shutdown is closed', async () => {
    const gateway = await startSocketGateway(saying('Hi.'));
    gateway.sockets.leaveAll();
    const client = await gateway.open();
    expect(await client.closed).toBe(1001);
  });
});
