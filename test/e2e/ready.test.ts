import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startGateway } from '../../src/app/compose.ts';
import { readSettings } from '../../src/app/config/config.ts';
import { writeFakeCodex } from '../support/fake-codex.ts';
import { startTestGateway } from '../support/gateway.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { childrenOf } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { sayByHand } from '../support/upstream-answers.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway();

const READY = [200, { ready: true }];
const unready = (...why: readonly string[]) => [503, { ready: false, why }];

/** Reads a probe without a token. */
async function probe(origin = gateway.running.origin, path = '/readyz'): Promise<unknown> {
  const response = await fetch(`${origin}${path}`);
  return [response.status, await response.json()];
}

/** Longer than the gateway may take to see that something works again. */
const SOON = { timeout: 30_000 };

describe('GET /readyz', () => {
  it('is 200 without a token once the gateway serves', async () => {
    expect(await probe()).toEqual(READY);
    expect(await probe(gateway.running.origin, '//ReadyZ/')).toEqual(READY);
    expect((await fetch(`${gateway.running.origin}/readyz`, { method: 'HEAD' })).status).toBe(200);
  });

  it('says that Codex does not answer while its process is stopped', async () => {
    const [child] = childrenOf(process.pid, 'app-server');
    process.kill(child!, 'SIGSTOP');
    onTestFinished(() => void process.kill(child!, 'SIGCONT'));
    // What it had written before shows life once.
    await expect.poll(() => probe(), SOON).toEqual(unready('codex'));
    process.kill(child!, 'SIGCONT');
    await expect.poll(() => probe(), SOON).toEqual(READY);
  });

  it('says that nothing can be stored while another program has the database locked', async () => {
    const database = new DatabaseSync(join(gateway.stateDirectory, 'store.sqlite'));
    onTestFinished(() => database.close());
    database.exec('BEGIN IMMEDIATE');
    await expect.poll(() => probe(), SOON).toEqual(unready('store'));
    database.exec('ROLLBACK');
    await expect.poll(() => probe(), SOON).toEqual(READY);
  });

  it('says that nothing can be stored while the database is damaged, and recovers when it is removed', async () => {
    const path = join(gateway.stateDirectory, 'store.sqlite');
    for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
    writeFileSync(path, 'no database'.repeat(1000));
    await expect.poll(() => probe(), SOON).toEqual(unready('store'));
    rmSync(path);
    await expect.poll(() => probe(), SOON).toEqual(READY);
  });

  it('says that the gateway stops while its last answers come to their ends', async () => {
    const stopping = await startTestGateway();
    onTestFinished(() => stopping.close());
    const answer = sayByHand();
    stopping.upstream.use(answer.script);
    const chat = { model: 'gpt-5.5', messages: [{ role: 'user', content: 'hello' }] };
    const running = stopping.post(chat);
    await answer.asked;
    const { origin } = stopping.running;
    const closed = stopping.running.close(new AbortController().signal);
    expect(await probe(origin)).toEqual(unready('draining'));
    expect(await probe(origin, '/healthz')).toMatchObject([200, { status: 'ok' }]);
    const status = await stopping.fetch('/status');
    expect(await status.json()).toMatchObject({ turns: { running: 1, waiting: 0 } });
    const refused = await stopping.post(chat);
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toMatchObject([
      503,
      '5',
      { error: { code: 'shutting_down' } },
    ]);
    answer.say('The end.');
    answer.end();
    expect((await running).status).toBe(200);
    await closed;
    await expect(probe(origin)).rejects.toThrow();
  });
});

it('GET /readyz says that nobody is signed in, and is 200 soon after somebody is', async () => {
  const signedOut = await startTestGateway({
    codexConfig: () => 'openai_base_url = "http://127.0.0.1:9/v1"',
  });
  onTestFinished(() => signedOut.close());
  expect(await probe(signedOut.running.origin)).toEqual(unready('login'));
  writeFileSync(join(signedOut.codexHome, 'auth.json'), '{"OPENAI_API_KEY":"sk-x"}');
  await expect.poll(() => probe(signedOut.running.origin), SOON).toEqual(READY);
});

it('GET /readyz is answered at once while Codex starts', async () => {
  const folder = temporaryFolder();
  const codex = writeFakeCodex(folder, { onRequest: '' });
  const environment = { PATH: process.env.PATH, HOME: folder };
  const port = await findFreePort();
  const settings = await readSettings(
    { codex, port: String(port), token: 'a-token-for-this-test' },
    environment,
  );
  const abort = new AbortController();
  const observer = createMemoryLog();
  const { signal } = abort;
  const starting = startGateway({ settings, environment, observer, demo: false, signal });
  starting.catch(() => {});
  const origin = `http://127.0.0.1:${port}`;
  await expect.poll(() => probe(origin).catch(() => undefined), SOON).toEqual(unready('starting'));
  expect(await probe(origin, '/healthz')).toMatchObject([200, { status: 'ok' }]);
  abort.abort(new Error('enough'));
  await expect(starting).rejects.toThrow();
});

/** Returns a port on which nothing listens. */
async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
