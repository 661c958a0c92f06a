import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { HELLO } from '../support/ask.ts';
import { SMALL } from '../support/images.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { breakOff, refuse, say, type Script } from '../support/upstream.ts';

const SOON = { firstSpace: 0.01, nextSpace: 0.01 };

let gateway: TestGateway;
let silent: TestGateway;
beforeAll(async () => {
  [gateway, silent] = await Promise.all([
    startTestGateway({
      config: { imageHosts: ['127.0.0.1'], keepAlive: { ...SOON, comment: 0.02, heartbeat: 0.04 } },
    }),
    startTestGateway({ config: { keepAlive: { ...SOON, firstSpace: 0 } } }),
  ]);
});
afterAll(() => Promise.all([gateway.close(), silent.close()]));

const BODY = { model: 'gpt-5.5' as const, messages: [{ role: 'user' as const, content: 'hello' }] };

/** Answers by the script as soon as a test says so. */
function held(script: Script): { readonly script: Script; answer(): void } {
  const gate = Promise.withResolvers<void>();
  return {
    answer: () => gate.resolve(),
    async script(request, response) {
      await gate.promise;
      await script(request, response);
    },
  };
}

it('a slow answer begins with spaces after its headers', async () => {
  const { script, answer } = held(say('Hello.'));
  gateway.upstream.use(script);
  const body = { ...BODY, temperature: 0.5, reasoning_effort: 'minimal' };
  const response = await gateway.post(body);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  expect(response.headers.get('x-codex-gateway-ignored')).toBe('temperature');
  expect(response.headers.get('x-codex-gateway-adjusted')).toBe('reasoning_effort=minimal->low');
  expect(response.headers.get('x-request-id')).toMatch(/^req_/);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (text.length < 3) text += (await reader.read()).value;
  expect(text.trim()).toBe('');
  answer();
  for (let next = await reader.read(); !next.done; next = await reader.read()) text += next.value;
  expect(JSON.parse(text)).toMatchObject({ choices: [{ message: { content: 'Hello.' } }] });
});

it('the official SDK reads an answer that begins with spaces', async () => {
  const { script, answer } = held(say('Hello.'));
  gateway.upstream.use(script);
  const asked = gateway.client.chat.completions.create(BODY);
  // The headers come with the first space.
  expect((await asked.asResponse()).status).toBe(200);
  answer();
  expect((await asked).choices[0]!.message.content).toBe('Hello.');
});

it.each([
  ['is refused', refuse(429, { error: { message: 'slow down' } })],
  ['breaks off', breakOff('Hel')],
])('an answer that %s after a space breaks the connection', async (_name, failure) => {
  const { script, answer } = held(failure);
  gateway.upstream.use(script);
  const response = await gateway.post({ ...BODY, messages: HELLO });
  expect(response.status).toBe(200);
  answer();
  await expect(response.text()).rejects.toThrow('terminated');
  await expect(gateway.client.chat.completions.create(BODY)).rejects.toThrow();
});

it.each([
  ['is refused', refuse(429, { error: { message: 'slow down' } }), 'rate_limit_exceeded', []],
  ['breaks off', breakOff('Hel'), 'server_error', ['Hel']],
])('a response that %s after a space is sent and stored as failed', async (_name, failure, code, texts) => {
  const { script, answer } = held(failure);
  gateway.upstream.use(script);
  const asked = gateway.client.responses.create({ model: 'gpt-5.5', input: 'hello' });
  expect((await asked.asResponse()).status).toBe(200);
  answer();
  const told = await asked;
  expect(told).toMatchObject({ status: 'failed', error: { code }, completed_at: null });
  const said = (told.output as OpenAI.Responses.ResponseOutputMessage[]).flatMap(({ content }) => content);
  expect(said).toMatchObject(texts.map((text) => ({ text })));
  expect(await gateway.client.responses.retrieve(told.id)).toMatchObject({
    status: 'failed',
    error: { code },
  });
});

it('a client that leaves during the spaces ends the turn', async () => {
  const { script } = held(say('Hello.'));
  gateway.upstream.use(script);
  const controller = new AbortController();
  const response = await gateway.post(BODY, { signal: controller.signal });
  const reader = response.body!.getReader();
  await reader.read();
  controller.abort();
  await expect(reader.read()).rejects.toThrow();
  await gateway.upstream.requests.at(-1)!.aborted;
});

it('sends no spaces when they are configured off, and a failure keeps its status', async () => {
  silent.upstream.use(refuse(429, { error: { message: 'slow down' } }));
  const response = await silent.post(BODY);
  expect(response.status).toBe(429);
  silent.upstream.use(say('Hello.'));
  expect(await (await silent.post(BODY)).text()).toMatch(/^\{/);
});

it('delivers an answer that comes in one piece, as one object and streamed', async () => {
  const long = 'A word. '.repeat(250_000);
  gateway.upstream.use(say(long));
  const completion = await gateway.client.chat.completions.create(BODY);
  expect(completion.choices[0]!.message.content).toHaveLength(long.length);
  const streamed = await (await gateway.post({ ...BODY, stream: true })).text();
  expect(streamed.length).toBeGreaterThan(long.length);
});

describe('a stream whose images are still being fetched', () => {
  /** Requests a stream about an image that is delivered on command. */
  async function ask(image: Buffer) {
    const fetched = Promise.withResolvers<void>();
    const web = createServer((_request, response) => void fetched.promise.then(() => response.end(image)));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void web.close());
    gateway.upstream.use(say('Seen.'));
    const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/`;
    const content = [{ type: 'image_url', image_url: { url } }];
    const response = await gateway.post({ ...BODY, messages: [{ role: 'user', content }], stream: true });
    expect(response.status).toBe(200);
    // The headers came with the first sign of life.
    fetched.resolve();
    return await response.text();
  }

  it('sends signs of life', async () => {
    const text = await ask(SMALL.png);
    expect(text).toMatch(/^(: keepalive\n\n)+data: \{/);
    expect(text).toContain('Seen.');
  });

  it('ends in an error frame when they cannot be fetched', async () => {
    const text = await ask(Buffer.from('no image'));
    expect(text).toMatch(/^(: keepalive\n\n)+data: \{"error":.*invalid_image_url.*\n\n$/);
  });
});
