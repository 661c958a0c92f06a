import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';
import { readSpans } from '../support/read-spans.ts';
import { connect } from '../support/response-socket.ts';
import { say } from '../support/upstream.ts';

const CHAT = { model: 'gpt-5.5', messages: [{ role: 'user', content: 'PROMPT-TEXT' }] };

const received: { path: string; body: Buffer }[] = [];
const collector = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    received.push({ path: request.url!, body: Buffer.concat(chunks) });
    response.end();
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => collector.close(resolve)));

beforeEach(() => {
  received.length = 0;
});

const spans = () =>
  received.filter(({ path }) => path === '/v1/traces').flatMap(({ body }) => readSpans(body));

/** Protobuf keeps texts as they are, so that they can be looked for. */
const textOf = (path: string) =>
  received.map((request) => (request.path === path ? request.body.toString('latin1') : '')).join('');

const addressOf = (server: typeof collector) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

it('a collector gets a span of the request, one of its turn and the metrics, without any content', async () => {
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: addressOf(collector) };
  const gateway = await startTestGateway({ environment });
  gateway.upstream.use(say('ANSWER-TEXT'));
  await (await gateway.post(CHAT)).text();
  await gateway.close(AbortSignal.timeout(5_000));
  const turn = spans().find(({ kind }) => kind === 'client');
  const request = spans().find(({ kind }) => kind === 'server');
  expect([request!.name, request!.parentId]).toEqual(['POST /v1/chat/completions', '']);
  expect([turn!.name, turn!.parentId, turn!.traceId]).toEqual([
    'chat gpt-5.5',
    request!.spanId,
    request!.traceId,
  ]);
  expect(Object.fromEntries(turn!.attributes)).toEqual({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'scripted',
    'gen_ai.request.model': 'gpt-5.5',
    'gen_ai.usage.input_tokens': 11,
    'gen_ai.usage.output_tokens': 7,
  });
  expect(spans()).toHaveLength(2);
  const metrics = textOf('/v1/metrics');
  expect(metrics).toContain('gen_ai.client.operation.duration');
  expect(metrics).toContain('gen_ai.client.token.usage');
  expect(textOf('/v1/traces') + metrics).not.toMatch(/PROMPT-TEXT|ANSWER-TEXT/);
});

it('responses on a WebSocket and in the background have spans with their turns under them', async () => {
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: addressOf(collector) };
  const gateway = await startTestGateway({ environment });
  gateway.upstream.use(say('Hello.'));
  await connect(gateway.client).ask({ model: 'gpt-5.5', input: 'hello' });
  const { id } = await gateway.client.responses.create({
    model: 'gpt-5.5',
    input: 'hello',
    background: true,
  });
  await (await gateway.fetch(`/v1/responses/${id}?stream=true`)).text();
  await gateway.close(AbortSignal.timeout(5_000));
  const all = spans();
  const parents = all
    .filter(({ kind }) => kind === 'client')
    .map(({ parentId }) => all.find(({ spanId }) => spanId === parentId));
  expect(parents.map((parent) => parent?.name)).toEqual(['WS /v1/responses', 'POST /v1/responses']);
  expect(parents.map((parent) => parent?.kind)).toEqual(['server', 'server']);
});

it('a collector that never answers harms neither requests nor the stop', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const gateway = await startTestGateway({
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: addressOf(silent) },
  });
  gateway.upstream.use(say('Hello.'));
  expect((await gateway.post(CHAT)).status).toBe(200);
  const stoppedAt = performance.now();
  await gateway.close();
  expect(performance.now() - stoppedAt).toBeLessThan(15_000);
});

it('a collector that refuses connections harms neither requests nor the stop', async () => {
  const refusing = createServer(() => {});
  await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
  const endpoint = addressOf(refusing);
  await new Promise((resolve) => refusing.close(resolve));
  const gateway = await startTestGateway({ environment: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } });
  gateway.upstream.use(say('Hello.'));
  expect((await gateway.post(CHAT)).status).toBe(200);
  const stoppedAt = performance.now();
  await gateway.close();
  expect(performance.now() - stoppedAt).toBeLessThan(15_000);
  expect(gateway.log.lines.filter((line) => line.includes('unhandled'))).toEqual([]);
});
