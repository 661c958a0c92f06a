import { afterEach, expect, it } from 'vitest';
import { createWorkerClient, type WorkerClient } from '../../../src/app/worker/worker-client.ts';
import type { Deed } from '../../support/odd-worker.ts';

const ENTRY = new URL('../../support/odd-worker.ts', import.meta.url);
const signal = new AbortController().signal;

let client: WorkerClient<Deed, number>;

function startClient(timeoutMs: number, idleMs = 60_000): void {
  client = createWorkerClient({
    idleMs,
    entry: ENTRY,
    timeoutMs,
    heapMegabytes: 32,
    onExhausted: (cause) => new Error('exhausted', { cause }),
  });
}

afterEach(() => client.close());

it('a worker client runs its jobs in one thread', async () => {
  startClient(10_000);
  const [first, ...others] = await Promise.all([1, 2, 3].map(() => client.run('tell', signal)));
  expect(first).toBeGreaterThan(0);
  expect(others).toEqual([first, first]);
});

it('a worker client ends a job at its deadline and runs the next ones in another thread', async () => {
  startClient(300);
  const before = await client.run('tell', signal);
  const order: string[] = [];
  setImmediate(() => order.push('other work'));
  const hanging = client.run('hang', signal).finally(() => order.push('hanging'));
  const behind = client.run('tell', signal);
  await expect(hanging).rejects.toThrow('exhausted');
  expect(await behind).toBeGreaterThan(before);
  expect(order).toEqual(['other work', 'hanging']);
});

it('a worker client lets a job finish that only waited for the processor', async () => {
  startClient(100);
  const before = await client.run('tell', signal);
  expect(await client.run('stall', signal)).toBe(before);
});

it.each([
  ['throw', 'odd'],
  ['exit', 'ended with code 3'],
  ['devour', 'exhausted'],
] as const)('a worker client replaces a thread after a job makes it %s', async (deed, message) => {
  startClient(20_000);
  const before = await client.run('tell', signal);
  const results = await Promise.allSettled([client.run(deed, signal), client.run('tell', signal)]);
  expect(results).toEqual([
    { status: 'rejected', reason: expect.objectContaining({ message: expect.stringContaining(message) }) },
    { status: 'fulfilled', value: expect.any(Number) },
  ]);
  expect(await client.run('tell', signal)).toBeGreaterThan(before);
});

it('a waiting job leaves the queue when its caller aborts', async () => {
  startClient(10_000);
  const controller = new AbortController();
  const first = client.run('tell', signal);
  const waiting = client.run('exit', controller.signal);
  const last = client.run('tell', signal);
  controller.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  expect(await last).toBe(await first);
});

it('an abort during a job rejects at once and lets the next job run after the deadline', async () => {
  startClient(300);
  await client.run('tell', signal);
  const controller = new AbortController();
  const hanging = client.run('hang', controller.signal);
  const next = client.run('tell', signal);
  controller.abort(new Error('gone'));
  await expect(hanging).rejects.toThrow('gone');
  expect(await next).toBeGreaterThan(0);
});

it('closing a worker client rejects running, waiting and later jobs', async () => {
  startClient(10_000);
  await client.run('tell', signal);
  const jobs = [client.run('hang', signal), client.run('tell', signal)];
  const refused = Promise.allSettled(jobs);
  await client.close();
  const expected = { status: 'rejected', reason: expect.objectContaining({ code: 'shutting_down' }) };
  expect(await refused).toEqual([expected, expected]);
  await expect(client.run('tell', signal)).rejects.toThrow('shutting down');
});

it('closing a worker client ends a thread that is still starting', async () => {
  startClient(10_000);
  const [refused] = await Promise.allSettled([client.run('hang', signal), client.close()]);
  expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'shutting_down' } });
});

it('a worker client ends an idle thread, and starts another for the next job', async () => {
  startClient(10_000, 0);
  const first = await client.run('tell', signal);
  let latest = first;
  while (latest === first) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    latest = await client.run('tell', signal);
  }
  expect(latest).toBeGreaterThan(first);
});

it('a worker client loses no job that arrives while its thread is ended', async () => {
  startClient(10_000, 0);
  const results: Promise<number>[] = [];
  for (let job = 0; job < 20; job += 1) {
    results.push(client.run('tell', signal));
    // Sometimes a thread is idle by then, sometimes it is about to be ended, and sometimes jobs wait.
    if (job % 3 !== 0) await results.at(-1);
    if (job % 3 === 2) await new Promise((resolve) => setTimeout(resolve, job % 2));
  }
  expect((await Promise.all(results)).every((id) => id > 0)).toBe(true);
});
