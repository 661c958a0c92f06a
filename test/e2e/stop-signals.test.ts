import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startServer, userEnvironment } from '../support/command-line.ts';
import { scriptedProvider, startTestGateway } from '../support/gateway.ts';
import { childrenOf, isAlive, until } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { sendCompleted, startMessage, startUpstream } from '../support/upstream.ts';

const STREAMS = 20;
const TOKEN = 'a-token-for-this-test';

/** Starts the built command line, and streams whose answers wait for the test. */
async function startStreams() {
  const upstream = await startUpstream();
  onTestFinished(() => upstream.close());
  const environment = userEnvironment(temporaryFolder());
  writeFileSync(join(environment.HOME!, '.codex/config.toml'), scriptedProvider(upstream.baseUrl));
  const server = await startServer(['--port', '0', '--token', TOKEN], environment);
  const origin = /listens on (\S+)/.exec(server.stdout())![1]!;
  const finish = Promise.withResolvers<void>();
  let asked = 0;
  upstream.use(async (_request, response) => {
    asked += 1;
    const isFast = asked % 2 === 0;
    startMessage(response, 'text');
    await finish.promise;
    // The others never come to an end by themselves.
    if (isFast) sendCompleted(response);
  });
  const ask = () =>
    fetch(`${origin}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'gpt-5.5',
        stream: true,
        messages: [{ role: 'user', content: 'hello' }],
      }),
    });
  const streams = await Promise.all(Array.from({ length: STREAMS }, ask));
  await until(() => asked === STREAMS);
  return { server, environment, streams, finish: finish.resolve };
}

// test/e2e/background.test.ts has the same with SIGTERM, which is what `stop` sends.
it('SIGHUP during 20 streams lets each end, or ends it with one clean error, and leaves nothing behind', async () => {
  const { server, environment, streams, finish } = await startStreams();
  expect(streams.map(({ status }) => status)).toEqual(Array.from({ length: STREAMS }, () => 200));
  const [codex] = childrenOf(server.pid, 'app-server');
  const texts = streams.map((stream) => stream.text());
  server.kill('SIGHUP');
  await until(() => server.stderr().includes(`for ${STREAMS} running requests`));
  finish();
  await Promise.race(texts);
  // Those that end by themselves have the time to do so.
  const ended = new Set<number>();
  for (const [index, text] of texts.entries()) void text.then(() => ended.add(index));
  await until(() => ended.size >= STREAMS / 2);
  server.kill('SIGTERM');
  const frames = await Promise.all(texts);
  const whole = frames.filter((text) => text.endsWith('data: [DONE]\n\n') && !text.includes('"error"'));
  const broken = frames.filter((text) => text.split('"error"').length === 2);
  expect([whole.length, broken.length]).toEqual([STREAMS / 2, STREAMS / 2]);
  for (const text of broken) {
    expect(text.split('\n\n').filter((frame) => frame.includes('"error"'))).toHaveLength(1);
    expect(text).toContain('"code":"shutting_down"');
  }
  expect(await server.closed).toBe(0);
  expect(server.stderr()).toMatch(/\nStopped\. 10 running requests were ended\.\n$/);
  expect(isAlive(codex!)).toBe(false);
  const state = join(environment.HOME!, '.local/state/codex-gateway');
  expect(readdirSync(join(state, 'homes'))).toEqual([]);
});

it('a stop says of each request whether the provider may have been asked', async () => {
  const gateway = await startTestGateway({ config: { limits: { running: 4, waiting: 4 } } });
  onTestFinished(() => gateway.close());
  const { upstream, running, post } = gateway;
  const arrived = Promise.withResolvers<void>();
  upstream.use(() => {
    if (upstream.requests.length === 4) arrived.resolve();
  });
  const chat = { model: 'gpt-5.5', messages: [{ role: 'user', content: 'hello' }] };
  const asked = [
    post(chat),
    post({ ...chat, stream: true }),
    post(chat, { headers: { 'idempotency-key': 'key' } }),
    gateway.fetch('/v1/responses', {
      method: 'POST',
      body: JSON.stringify({ model: 'gpt-5.5', input: 'hello' }),
    }),
  ];
  await arrived.promise;
  const waiting = post(chat);
  await until(() => running.running() === 5);
  await running.close(AbortSignal.abort());
  const told = async (response: Response) => [
    response.status,
    response.headers.get('x-should-retry'),
    ((await response.json()) as { error: { message: string } }).error.message.includes('may have been asked'),
  ];
  for (const response of await Promise.all(asked)) expect(await told(response)).toEqual([503, 'false', true]);
  expect(await told(await waiting)).toEqual([503, 'true', false]);
});
