import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { shuttingDown } from '../../../src/base/errors.ts';
import { END, saying, startSocketGateway, waiting, type Saying } from '../../support/socket-gateway.ts';
import { until } from '../../support/process.ts';

const CREATE = { type: 'response.create', model: 'one', input: 'hello', store: false };

describe('a message that is no request', () => {
  it.each([
    ['no JSON', 'x', { code: null, param: null }],
    ['no object', '[]', { code: null }],
    ['another type', '{"type":"session.update"}', { code: 'invalid_value', param: 'type' }],
    ['no type', '{}', { code: 'invalid_value', param: 'type' }],
    ['a nested body', '{"type":"response.create","response":{}}', { param: 'response' }],
    ['a lane without a name', JSON.stringify({ ...CREATE, stream_id: '' }), { param: 'stream_id' }],
    ['one for the background', JSON.stringify({ ...CREATE, background: true }), { param: 'background' }],
    ['binary', Buffer.from(JSON.stringify(CREATE)), { code: null }],
  ])('(%s) is told so, and the connection goes on', async (_name, message, error) => {
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

  it('(steering) gets its input back, in the words of its contract', async () => {
    const gateway = await startSocketGateway(saying('Hi.'));
    const client = await gateway.open();
    client.send({ type: 'response.steer', previous_response_id: 'resp_1', input: 'More.' });
    expect(await client.next()).toMatchObject({
      type: 'response.steer.failed',
      error: { code: 'steering_not_supported' },
      steer: { previous_response_id: 'resp_1', input: 'More.' },
    });
  });

  it('(too large a one) closes the connection', async () => {
    const gateway = await startSocketGateway(saying('Hi.'));
    const client = await gateway.open();
    client.send({ ...CREATE, input: 'x'.repeat(10_000) });
    expect(await client.closed).toBe(1009);
  });
});

it('every event of a lane names it, an error too', async () => {
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

it('with the header of the handshake nothing is left out for any request', async () => {
  const gateway = await startSocketGateway(saying('Hi.'));
  const client = await gateway.open({ headers: { 'x-codex-gateway-strict': '1' } });
  client.send({ ...CREATE, temperature: 0.5 });
  expect(await client.next()).toMatchObject({ status: 400, error: { param: 'temperature' } });
});

it('what waits beyond sixteen requests is refused at once, the rest answered in its order', async () => {
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

it('requests that wait hold no more than one may', async () => {
  const gate = Promise.withResolvers<void>();
  const gateway = await startSocketGateway(waiting(gate.promise));
  const client = await gateway.open();
  client.send(CREATE);
  await client.until('response.in_progress');
  for (const stream_id of ['1', '2']) client.send({ ...CREATE, stream_id, input: 'x'.repeat(6000) });
  expect((await client.until('error')).at(-1)).toMatchObject({ status: 429, stream_id: '2' });
  gate.resolve();
});

it('the client that goes away ends the turn', async () => {
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
    'info response {_,"method":"WS","path":"/v1/responses","stream":true,_,"model":"one",_,"outcome":"incomplete",_}',
  ]);
});

describe('a silent response', () => {
  it('shows by its beginning, and by events of their own, that it is alive', async () => {
    const gate = Promise.withResolvers<void>();
    const silent: Saying = async function* () {
      await gate.promise;
      yield END;
    };
    const keepAlive = { comment: 15_000, heartbeat: 20, firstSpace: 0, nextSpace: 1 };
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

  it('keeps its connection from looking idle', async () => {
    const gateway = await startSocketGateway(waiting(new Promise(() => {})), {
      keepAlive: { comment: 20, heartbeat: 60_000, firstSpace: 0, nextSpace: 1 },
    });
    const client = await gateway.open();
    await once(client.socket, 'ping');
    expect(await once(client.socket, 'ping')).toHaveLength(1);
  });
});

describe('a connection is cut', () => {
  it('when nobody answers at its other end', async () => {
    const gateway = await startSocketGateway(saying('Hi.'), {
      keepAlive: { comment: 20, heartbeat: 60_000, firstSpace: 0, nextSpace: 1 },
      stallLimit: 60,
    });
    const client = await gateway.open({ autoPong: false });
    expect(await client.closed).toBe(1006);
  });

  it('when its client does not read, and its turn ends', async () => {
    const ended = Promise.withResolvers<void>();
    const flood: Saying = async function* () {
      try {
        yield { type: 'message-start', phase: undefined };
        for (;;) yield { type: 'text-delta', text: 'x'.repeat(100_000) };
      } finally {
        ended.resolve();
      }
    };
    const gateway = await startSocketGateway(flood, { stallLimit: 50 });
    const client = await gateway.open();
    client.send(CREATE);
    await client.next();
    client.socket.pause();
    await ended.promise;
    await until(() => gateway.active.count() === 0);
    expect(gateway.log.lines.join('\n')).toContain('"code":"client_too_slow"');
  });
});

it('a client that sends and does not read is not read, either', async () => {
  const gateway = await startSocketGateway(saying('Hi.'), { stallLimit: 1500, bodyLimit: 1_000_000 });
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

describe('a connection that has lasted for its time', () => {
  const EXPIRED = { status: 400, error: { code: 'websocket_connection_limit_reached' } };

  it('says so and closes', async () => {
    const gateway = await startSocketGateway(saying('Hi.'), { socketLifetime: 20 });
    const client = await gateway.open();
    expect(await client.next()).toMatchObject(EXPIRED);
    // Clients connect anew after it.
    expect(await client.closed).toBe(1001);
  });

  it('ends its response first, and takes no other', async () => {
    const slow = () => waiting(new Promise((resolve) => setTimeout(resolve, 600)));
    const gateway = await startSocketGateway((signal) => slow()(signal), { socketLifetime: 500 });
    const client = await gateway.open();
    client.send(CREATE);
    client.send({ ...CREATE, stream_id: 'next' });
    await client.until('response.completed');
    expect(await client.next()).toMatchObject({ ...EXPIRED, stream_id: 'next' });
    expect(await client.closed).toBe(1001);
  });
});

describe('when the gateway ends', () => {
  it('a connection without a response closes without a word', async () => {
    const gateway = await startSocketGateway(saying('Hi.'));
    const client = await gateway.open();
    gateway.sockets.leaveAll();
    expect(await client.closed).toBe(1001);
  });

  it('a response may end; what waits is refused', async () => {
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
      error: { code: 'codex_unavailable', headers: { 'retry-after': '5' } },
    });
    expect(await client.closed).toBe(1001);
  });

  it('a response that takes too long is told to have failed', async () => {
    const gateway = await startSocketGateway(waiting(new Promise(() => {})));
    const client = await gateway.open();
    client.send(CREATE);
    await client.until('response.in_progress');
    gateway.sockets.leaveAll();
    gateway.active.abortAll(shuttingDown());
    expect((await client.until('response.failed')).at(-2)).toMatchObject({
      type: 'error',
      code: 'codex_unavailable',
    });
    expect(await client.closed).toBe(1001);
  });

  it('a connection that is opened all the same is closed', async () => {
    const gateway = await startSocketGateway(saying('Hi.'));
    gateway.sockets.leaveAll();
    const client = await gateway.open();
    expect(await client.closed).toBe(1001);
  });
});
