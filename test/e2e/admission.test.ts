import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeFakeCodex } from '../support/fake-codex.ts';
import { startTestGateway } from '../support/gateway.ts';
import { until } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { inOrder, sayByHand } from '../support/upstream-answers.ts';
import { say } from '../support/upstream.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const CHAT = { model: 'fake', messages: [{ role: 'user', content: 'hello' }] };

/**
 * Starts a gateway with an app-server that holds all thread starts until it is released, and then refuses them.
 * `count` is the number of requested threads, `most` the maximum at the same time.
 */
async function startSlowGateway(config: object) {
  const folder = temporaryFolder();
  const [counts, goOn] = [join(folder, 'counts'), join(folder, 'go-on')];
  const codex = writeFakeCodex(folder, {
    onStart: `
      const { existsSync, renameSync, writeFileSync } = require('node:fs');
      const held = [];
      let count = 0;
      let most = 0;
      setInterval(() => {
        if (existsSync(${JSON.stringify(goOn)})) for (const refuse of held.splice(0)) refuse();
      }, 10).unref();
    `,
    onRequest: `
      if (line.method !== 'thread/start') start(line);
      else {
        const own = id;
        held.push(() => send(JSON.stringify({ id: own, error: { code: -32600, message: 'no' } })));
        count += 1;
        most = Math.max(most, held.length);
        // Renamed into place, so that nobody reads half of it.
        writeFileSync(${JSON.stringify(`${counts}.new`)}, JSON.stringify({ count, most }));
        renameSync(${JSON.stringify(`${counts}.new`)}, ${JSON.stringify(counts)});
      }
    `,
  });
  const gateway = await startTestGateway({ config: { ...config, codex } });
  onTestFinished(() => gateway.close());
  return {
    gateway,
    goOn: () => writeFileSync(goOn, ''),
    counts: () =>
      existsSync(counts)
        ? (JSON.parse(readFileSync(counts, 'utf8')) as { count: number; most: number })
        : { count: 0, most: 0 },
  };
}

it('starts no more turns than may run at once, however many clients leave while theirs is started', async () => {
  const { gateway, goOn, counts } = await startSlowGateway({ limits: { running: 2, waiting: 100 } });
  const ended = () => gateway.log.lines.filter((line) => line.includes('"status":499')).length;
  for (let client = 1; client <= 8; client += 1) {
    const controller = new AbortController();
    const answer = gateway.post(CHAT, { signal: controller.signal });
    if (client <= 2) await until(() => counts().count === client);
    // Long enough for a request to arrive and be let in, were there room.
    for (let look = 0; look < 5; look += 1) await gateway.fetch('/healthz');
    controller.abort();
    await expect(answer).rejects.toThrow();
    await until(() => ended() === client);
  }
  goOn();
  // It comes after whatever the others may have sent.
  expect((await gateway.post(CHAT)).status).toBe(500);
  expect(counts()).toEqual({ count: 3, most: 2 });
});

it('refuses a request that finds the configured queue full', async () => {
  const { gateway, goOn, counts } = await startSlowGateway({ limits: { running: 1, waiting: 0 } });
  const first = gateway.post(CHAT);
  await until(() => counts().count === 1);
  const second = await gateway.post(CHAT);
  expect(second.status).toBe(429);
  goOn();
  expect((await first).status).toBe(500);
});

describe('where four answers fit at once', () => {
  const gateway = useTestGateway({ config: { limits: { running: 2, waiting: 2 } } });
  const messages = [{ role: 'user', content: 'hello' }];
  const [chat, completion] = ['/v1/chat/completions', '/v1/completions'];
  const prompts = (count: number) => Array.from({ length: count }, (_, index) => `prompt ${index}`);

  it.each<[param: string, route: string, body: object, answers: number]>([
    ['n', chat, { messages, n: 5 }, 5],
    ['n', chat, { messages, n: 5, stream: true }, 5],
    ['prompt', completion, { prompt: prompts(5) }, 5],
    ['n', completion, { prompt: prompts(2), n: 3 }, 6],
    ['n', completion, { prompt: 'hello', n: 5, stream: true }, 5],
  ])('a request that never fits is a 400 that names %s: %s %j', async (param, route, body, answers) => {
    const response = await gateway.fetch(route, {
      method: 'POST',
      body: JSON.stringify({ model: 'gpt-5.5', ...body }),
    });
    expect(response.status).toBe(400);
    expect(response.headers.get('retry-after')).toBeNull();
    expect(response.headers.get('x-should-retry')).not.toBe('true');
    const told = `Invalid '${param}': the request takes ${answers} answers at once, and at most 4 fit here`;
    expect(await response.json()).toMatchObject({
      error: { code: 'invalid_value', param, message: expect.stringContaining(told) },
    });
    expect(gateway.upstream.requests).toEqual([]);
  });

  it.each<[route: string, body: object]>([
    [chat, { messages, n: 4 }],
    [completion, { prompt: prompts(2), n: 2 }],
  ])('a request for four answers is answered: %s', async (route, body) => {
    const response = await gateway.fetch(route, {
      method: 'POST',
      body: JSON.stringify({ model: 'gpt-5.5', ...body }),
    });
    expect(await response.json()).toMatchObject({ choices: Array.from({ length: 4 }, () => ({})) });
  });
});

describe('requests that wait for a place', () => {
  const model = 'gpt-5.5';
  const routes: [route: string, body: object][] = [
    ['/v1/chat/completions', { messages: [{ role: 'user', content: 'hello' }] }],
    ['/v1/completions', { prompt: 'hello' }],
    ['/v1/responses', { input: 'hello' }],
  ];
  // Signs of life would be due at once, were they sent in the queue.
  const keepAlive = { comment: 0.02, heartbeat: 0.04, firstSpace: 0.02, nextSpace: 0.02 };

  it('begin to answer when they have one, and keep their status until then', async () => {
    const gateway = await startTestGateway({ config: { limits: { running: 1, waiting: 100 }, keepAlive } });
    onTestFinished(() => gateway.close());
    const first = sayByHand();
    gateway.upstream.use(inOrder(first.script, say('Hello.')));
    const running = gateway.post({ model, ...routes[0]![1], stream: true });
    await first.asked;
    const begun: string[] = [];
    const ask = async (route: string, body: object) => {
      const response = await gateway.fetch(route, {
        method: 'POST',
        body: JSON.stringify({ model, ...body }),
      });
      begun.push(route);
      return { status: response.status, text: await response.text() };
    };
    const asked = routes.flatMap(([route, body]) => [
      ask(route, body),
      ask(route, { ...body, stream: true }),
    ]);
    await until(() => gateway.running.running() === 7);
    for (let look = 0; look < 20; look += 1) await gateway.fetch('/healthz');
    expect(begun).toEqual([]);
    first.end();
    await (await running).text();
    for (const { status, text } of await Promise.all(asked)) {
      expect(status).toBe(200);
      expect(text).toContain('Hello.');
    }
  });

  it('are all answered, and those that find no room hear it before any place is free: 200 at once', async () => {
    const gateway = await startTestGateway({ config: { limits: { running: 8, waiting: 24 } } });
    onTestFinished(() => gateway.close());
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    gateway.upstream.use(async (request, response) => {
      await gate;
      await say('Hello.')(request, response);
    });
    const refused: Response[] = [];
    const all = Array.from({ length: 200 }, async () => {
      const response = await gateway.post({ model, ...routes[0]![1], stream: true });
      if (response.status === 429) refused.push(response);
      return { status: response.status, text: await response.text() };
    });
    await until(() => refused.length === 168);
    for (const { headers } of refused) {
      expect(headers.get('retry-after')).toBe('5');
      expect(headers.get('x-should-retry')).toBe('true');
    }
    open();
    const ended = await Promise.all(all);
    expect(ended.filter(({ status, text }) => status === 200 && text.includes('[DONE]'))).toHaveLength(32);
    expect(ended.filter(({ text }) => text.includes('rate_limit_exceeded'))).toHaveLength(168);
  });

  it('leave room for others: one token has at most so many requests, in the background as well', async () => {
    const gateway = await startTestGateway({ config: { limits: { running: 1, waiting: 20, perToken: 2 } } });
    onTestFinished(() => gateway.close());
    const first = sayByHand();
    gateway.upstream.use(inOrder(first.script, say('Hello.')));
    const running = gateway.post({ model, ...routes[0]![1], n: 2 });
    await first.asked;
    const waits = gateway.client.responses.create({ model, input: 'hello', background: true });
    const { id } = await waits;
    const refusals = [
      async () => await gateway.client.responses.create({ model, input: 'hello', background: true }),
      async () => await gateway.client.responses.create({ model, input: 'hello', stream: true }),
      async () =>
        await gateway.client.chat.completions.create({
          model,
          messages: [{ role: 'user', content: 'hello' }],
        }),
    ];
    for (const refusal of refusals)
      await expect(refusal()).rejects.toMatchObject({
        status: 429,
        code: 'rate_limit_exceeded',
        message: expect.stringContaining('too many requests with this API key') as string,
      });
    first.end();
    expect((await running).status).toBe(200);
    await Array.fromAsync(await gateway.client.responses.retrieve(id, { stream: true }));
    expect(await gateway.client.responses.retrieve(id)).toMatchObject({ status: 'completed' });
  });
});
