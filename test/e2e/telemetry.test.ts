import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';
import { say } from '../support/upstream.ts';

const CHAT = { model: 'gpt-5.5', messages: [{ role: 'user', content: 'PROMPT-TEXT' }] };

/** Bodies by path; protobuf keeps texts as they are, so that they can be looked for. */
const received = new Map<string, string>();
const collector = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const text = Buffer.concat(chunks).toString('latin1');
    received.set(request.url!, (received.get(request.url!) ?? '') + text);
    response.end();
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => collector.close(resolve)));

const addressOf = (server: typeof collector) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

it('a collector gets a span of the request, one of its turn and the metrics, without any content', async () => {
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: addressOf(collector) };
  const gateway = await startTestGateway({ environment });
  gateway.upstream.use(say('ANSWER-TEXT'));
  await (await gateway.post(CHAT)).text();
  await gateway.close(AbortSignal.timeout(5_000));
  const traces = received.get('/v1/traces')!;
  for (const part of [
    'POST /v1/chat/completions',
    'chat gpt-5.5',
    'gen_ai.operation.name',
    'gen_ai.provider.name',
    'gen_ai.request.model',
    'gen_ai.usage.input_tokens',
    'gen_ai.usage.output_tokens',
  ]) {
    expect(traces).toContain(part);
  }
  const metrics = received.get('/v1/metrics')!;
  expect(metrics).toContain('gen_ai.client.operation.duration');
  expect(metrics).toContain('gen_ai.client.token.usage');
  expect(traces + metrics).not.toMatch(/PROMPT-TEXT|ANSWER-TEXT/);
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
