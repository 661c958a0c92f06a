import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { findBinary } from '../../src/codex/process/binary.ts';
import { appServerPid, killAtLine, stopAtLine } from '../support/child-at-line.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { dataUrl, SMALL } from '../support/images.ts';
import { until } from '../support/process.ts';
import { askResponse } from '../support/ask-response.ts';
import { connect } from '../support/response-socket.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { say, stall } from '../support/upstream.ts';

const RUNNING = 4;

// Each test has a gateway of its own: with one for all, Codex would end so often that it is started again only after seconds.
let gateway: TestGateway;
async function start(config: object = { limits: { running: RUNNING, waiting: 8 } }) {
  gateway = await startTestGateway({ config });
  gateway.upstream.use(say('fine'));
}
afterEach(() => gateway.close());

const MODEL = 'gpt-6-sol';
const ask = (content: unknown, further: object = {}) => ({
  model: MODEL,
  messages: [{ role: 'user', content }],
  ...further,
});
const IMAGE = [{ type: 'image_url', image_url: { url: dataUrl(SMALL.png) } }];

/** Waits for what is to happen before an answer. If the answer comes without it, that is what the test has to show. */
async function answerAfter(event: Promise<void>, answer: Promise<Response>): Promise<Response> {
  await Promise.race([event, answer]);
  return await answer;
}

async function answerOf(response: Response): Promise<string> {
  const text = await response.text();
  expect([response.status, text]).toEqual([200, expect.stringContaining('fine')]);
  return text;
}

const WAYS = [{}, { stream: true }];

describe('an answer, whole and streamed, whose Codex dies', () => {
  // After its first answer, Codex has a thread prepared for the next one.
  it.each(WAYS)(
    'before it has answered thread/start comes from the next Codex, asked once: %j',
    async (way) => {
      await start();
      const death = killAtLine('thread/start');
      const answer = gateway.post(ask('x', way));
      await answerOf(await answerAfter(death, answer));
      expect(gateway.upstream.requests).toHaveLength(1);
    },
  );

  it('between thread/start and turn/start comes from the next Codex, asked once', async () => {
    await start();
    for (const [index, way] of WAYS.entries()) {
      const death = killAtLine('thread/inject_items');
      const answer = gateway.post(ask(IMAGE, way));
      await answerOf(await answerAfter(death, answer));
      expect(gateway.upstream.requests).toHaveLength(index + 1);
    }
  });

  it('while the provider is silent, or after turn/start was written, is an error that says so, and is not asked again', async () => {
    await start();
    async function expectRefused(answer: Promise<Response>): Promise<void> {
      const response = await answer;
      expect(response.status).toBe(503);
      expect(response.headers.get('x-should-retry')).toBe('false');
      expect(Number(response.headers.get('retry-after'))).toSatisfy((s: number) => s >= 1 && s <= 5);
      expect(await response.json()).toMatchObject({
        error: { code: 'codex_unavailable', message: expect.stringContaining('may have been asked') },
      });
    }
    for (const [index, way] of WAYS.entries()) {
      const arrived = Promise.withResolvers<void>();
      gateway.upstream.use(() => arrived.resolve());
      const answer = gateway.post(ask('x', way));
      await arrived.promise;
      process.kill(appServerPid(), 'SIGKILL');
      await expectRefused(answer);
      expect(gateway.upstream.requests).toHaveLength(index + 1);
    }
    for (const way of WAYS) {
      const death = killAtLine('turn/start');
      await expectRefused(answerAfter(death, gateway.post(ask('x', way))));
    }
    expect(gateway.upstream.requests).toHaveLength(WAYS.length);
  });

  it('twice before turn/start is an error that can be tried again', async () => {
    await start();
    for (const way of WAYS) {
      const deaths = killAtLine('thread/start', 2);
      const answer = gateway.post(ask('x', way));
      const response = await answerAfter(deaths, answer);
      expect(response.status).toBe(503);
      expect(response.headers.get('x-should-retry')).toBe('true');
      expect(await response.json()).toMatchObject({
        error: { code: 'codex_unavailable', message: expect.stringContaining('Nothing was sent') },
      });
    }
  });
});

it('a repair whose Codex dies before its turn was handed over says that the provider may have been asked', async () => {
  await start();
  const [asked, isWatched] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  gateway.upstream.use(async (...given) => {
    asked.resolve();
    await isWatched.promise;
    return await say('no JSON')(...given);
  });
  const answer = gateway.post(ask(IMAGE, { response_format: { type: 'json_object' } }));
  await asked.promise;
  // The next conversation that is handed over is that of the repair. Its image is taken before turn/start is written.
  const deaths = killAtLine('thread/inject_items', 2);
  isWatched.resolve();
  const response = await answerAfter(deaths, answer);
  const { status, headers } = response;
  expect({ status, retry: headers.get('x-should-retry'), log: gateway.log.lines }).toMatchObject({
    status: 503,
    retry: 'false',
  });
  expect(await response.text()).toContain('may have been asked');
  expect(gateway.upstream.requests).toHaveLength(1);
});

describe('requests that wait', () => {
  it('for a place notice nothing of a Codex that dies, while those that run get one clean error each', async () => {
    await start();
    const arrived = Promise.withResolvers<void>();
    gateway.upstream.use((...given) => {
      if (gateway.upstream.requests.length === RUNNING) arrived.resolve();
      return stall('some')(...given);
    });
    const ways = [{ stream: true }, {}];
    const first = Array.from({ length: RUNNING }, (_, index) => gateway.post(ask('x', ways[index % 2])));
    await arrived.promise;
    const queued = Array.from({ length: 4 }, (_, index) => gateway.post(ask('x', ways[index % 2])));
    await until(() => gateway.running.running() === RUNNING + queued.length);
    gateway.upstream.use(say('fine'));
    process.kill(appServerPid(), 'SIGKILL');
    for (const response of await Promise.all(first)) {
      expect(await response.text()).toContain('may have been asked');
    }
    for (const response of await Promise.all(queued)) await answerOf(response);
  });

  it('for a large request before them come from the next Codex', async () => {
    await start();
    const stopped = stopAtLine('thread/start');
    const large = 'x'.repeat(1_500_000);
    const answers = [1, 2, 3].map(() => gateway.post(ask(large)));
    const kill = await stopped;
    kill();
    for (const response of await Promise.all(answers)) await answerOf(response);
    expect(gateway.upstream.requests).toHaveLength(3);
  });
});

describe('a conversation whose thread died with its Codex', () => {
  it('goes on in a new thread with the whole conversation, even if Codex dies as the thread is continued', async () => {
    await start();
    const first = await askResponse(gateway, { input: 'one' });
    process.kill(appServerPid(), 'SIGKILL');
    await until(() => gateway.log.lines.some((line) => line.includes('starting it again')));
    const next = await askResponse(gateway, { input: 'two', previous_response_id: first.response!.id });
    expect(next.status).toBe(200);
    const { input } = gateway.upstream.requests.at(-1)!.body;
    expect(input.map(({ content }) => content?.[0]?.text)).toEqual(['one', 'fine', 'two']);

    const stopped = stopAtLine('thread/inject_items');
    const last = askResponse(gateway, {
      input: [{ role: 'user', content: [{ type: 'input_image', image_url: dataUrl(SMALL.png) }] }],
      previous_response_id: next.response!.id,
    });
    const kill = await stopped;
    kill();
    expect((await last).status).toBe(200);
    expect(gateway.upstream.requests.at(-1)!.body.input).toHaveLength(5);
  });
});

describe('a Codex that dies before turn/start', () => {
  it('is not noticed on a WebSocket, nor by a response in the background', async () => {
    await start();
    const socket = connect(gateway.client);
    const death = killAtLine('thread/start');
    const events = socket.ask({ model: MODEL, input: 'x', tools: [{ type: 'web_search' }] });
    await death;
    expect((await events).at(-1)!.type).toBe('response.completed');

    const secondDeath = killAtLine('thread/inject_items');
    const { response } = await askResponse(gateway, {
      background: true,
      input: [{ role: 'user', content: [{ type: 'input_image', image_url: dataUrl(SMALL.png) }] }],
    });
    await secondDeath;
    const read = async () => await gateway.client.responses.retrieve(response!.id);
    await expect.poll(async () => (await read()).status, { timeout: 60_000 }).toBe('completed');
  });

  it('is not noticed by a request for several answers', async () => {
    await start();
    const death = killAtLine('thread/start');
    const answer = gateway.post(ask('x', { n: 3 }));
    await death;
    const { choices } = JSON.parse(await answerOf(await answer)) as { choices: unknown[] };
    expect(choices).toHaveLength(3);
  });
});

describe('a Codex that hangs after turn/start was written', () => {
  it('leads to a start_timeout that says that the provider may have been asked', async () => {
    await start({ deadlines: { start: 3 } });
    const stopped = stopAtLine('turn/start');
    const answer = gateway.post(ask('x'));
    const kill = await stopped;
    try {
      const response = await answer;
      expect(response.status).toBe(503);
      expect(response.headers.get('x-should-retry')).toBe('false');
      expect(await response.json()).toMatchObject({
        error: { code: 'start_timeout', message: expect.stringContaining('may have been asked') },
      });
    } finally {
      kill();
    }
  });
});

describe('a Codex that cannot be started again', () => {
  it('is an error with the seconds until the next attempt, and serves again within seconds of its repair', async () => {
    const folder = temporaryFolder();
    const broken = join(folder, 'broken');
    const { path } = await findBinary(undefined, { PATH: process.env.PATH ?? '', CODEX_HOME: folder });
    const codex = join(folder, 'codex');
    writeFileSync(codex, `#!/bin/sh\n[ -e '${broken}' ] && exit 1\nexec '${path}' "$@"\n`, { mode: 0o755 });
    await start({ codex });
    writeFileSync(broken, '');
    process.kill(appServerPid(), 'SIGKILL');
    const refused = await gateway.post(ask('x'));
    expect(refused.status).toBe(503);
    expect(refused.headers.get('x-should-retry')).toBe('true');
    const seconds = refused.headers.get('retry-after');
    expect(Number(seconds)).toSatisfy((value: number) => value >= 1 && value <= 5);
    const { error } = (await refused.json()) as { error: { code: string; message: string } };
    expect(error.code).toBe('codex_unavailable');
    expect(error.message).toContain(`The next attempt is in ${seconds} s`);
    rmSync(broken);
    await answerOf(await gateway.post(ask('x')));
  });
});
