import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { askResponse } from '../support/ask-response.ts';
import { startTestGateway } from '../support/gateway.ts';
import { sayByHand } from '../support/upstream-answers.ts';
import { say } from '../support/upstream.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway({ config: { limits: { running: 2, waiting: 1 } } });
const responses = () => gateway.client.responses;
beforeEach(() => gateway.upstream.use(say('Hello.')));

const model = 'gpt-5.5';
const BACKGROUND = { model, input: 'hello', background: true } as const;

/** Makes every write of a kind fail in the running gateway, until it is mended. */
function breakWrites(when: string): { mend(): void; statusOf(id: string): unknown } {
  const database = new DatabaseSync(join(gateway.stateDirectory, 'store.sqlite'));
  database.exec(`CREATE TRIGGER broken BEFORE ${when} BEGIN SELECT RAISE(ABORT, 'broken'); END`);
  const mend = () => database.exec('DROP TRIGGER IF EXISTS broken');
  onTestFinished(() => {
    mend();
    database.close();
  });
  return {
    mend,
    statusOf: (id) => database.prepare('SELECT status FROM responses WHERE id = ?').get(id)?.status,
  };
}

describe('while nothing can be stored', () => {
  it('refuses background responses before asking the model and releases their places', async () => {
    breakWrites('INSERT ON responses');
    for (let turn = 0; turn < 5; turn += 1) {
      await expect(responses().create(BACKGROUND)).rejects.toMatchObject({
        status: 500,
        code: 'storage_failed',
        message: expect.stringContaining('send store: false') as string,
      });
    }
    expect(gateway.upstream.requests).toEqual([]);
    expect((await gateway.post({ model, messages: [{ role: 'user', content: 'hello' }] })).status).toBe(200);
  });

  it('refuses other responses before asking the model, except those with store: false', async () => {
    breakWrites('UPDATE ON callers');
    for (const stream of [false, true]) {
      expect(await askResponse(gateway, { stream })).toMatchObject({
        status: 500,
        error: { code: 'storage_failed' },
      });
    }
    expect(gateway.upstream.requests).toEqual([]);
    expect(await askResponse(gateway, { store: false })).toMatchObject({ status: 200 });
  });

  it('releases the places of background responses that cannot continue', async () => {
    breakWrites("UPDATE ON responses WHEN NEW.status = 'in_progress'");
    for (let turn = 0; turn < 5; turn += 1) {
      const { id } = await responses().create(BACKGROUND);
      await expect.poll(async () => (await responses().retrieve(id)).status).toBe('failed');
    }
    expect((await gateway.post({ model, messages: [{ role: 'user', content: 'hello' }] })).status).toBe(200);
  });
});

describe('a finished answer that cannot be stored', () => {
  it.each([false, true])('still reaches its caller, marked as not stored (stream: %s)', async (stream) => {
    breakWrites("INSERT ON responses WHEN NEW.status = 'completed'");
    const { response } = await askResponse(gateway, { stream });
    expect(response).toMatchObject({ status: 'completed', store: false });
    expect(JSON.stringify(response!.output)).toContain('Hello.');
    await expect(responses().retrieve(response!.id)).rejects.toMatchObject({ status: 404 });
    expect(gateway.log.lines.some((line) => line.includes('storage_failed'))).toBe(true);
  });

  it('stays in memory until it can be stored when it ran in the background', async () => {
    const answer = sayByHand();
    gateway.upstream.use(answer.script);
    const { mend, statusOf } = breakWrites("UPDATE ON responses WHEN NEW.status = 'completed'");
    const { id } = await responses().create(BACKGROUND);
    await answer.asked;
    answer.say('Hello.');
    answer.end();
    await expect.poll(async () => (await responses().retrieve(id)).status).toBe('completed');
    expect(await responses().retrieve(id)).toMatchObject({ output_text: 'Hello.' });
    expect(statusOf(id)).toBe('in_progress');
    mend();
    gateway.upstream.use(say('Yes.'));
    expect(await askResponse(gateway, { previous_response_id: id })).toMatchObject({ status: 200 });
    expect(statusOf(id)).toBe('completed');
  });
});

it('a locked store file delays the ends of many answers by one wait, not by one each', async () => {
  const locked = await startTestGateway();
  onTestFinished(() => locked.close());
  locked.upstream.use(say('Hello.'));
  await askResponse(locked, {});
  const database = new DatabaseSync(join(locked.stateDirectory, 'store.sqlite'));
  onTestFinished(() => database.close());
  database.exec('BEGIN EXCLUSIVE');
  const start = performance.now();
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, place) => askResponse(locked, { stream: place % 2 === 0 })),
  );
  // Five seconds is what one write waits.
  expect(performance.now() - start).toBeLessThan(20_000);
  for (const { response } of answers) expect(response).toMatchObject({ status: 'completed', store: false });
  database.exec('ROLLBACK');
  expect(await askResponse(locked, {})).toMatchObject({ response: { store: true } });
});

it('a gateway with a damaged store file says so, answers requests that need no store, and stops', async () => {
  const broken = await startTestGateway();
  broken.upstream.use(say('Hello.'));
  const path = join(broken.stateDirectory, 'store.sqlite');
  for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
  writeFileSync(path, 'no database'.repeat(1000));
  await expect(broken.client.responses.create(BACKGROUND)).rejects.toMatchObject({ code: 'storage_failed' });
  await expect(broken.client.responses.create({ model, input: 'hello' })).rejects.toMatchObject({
    code: 'storage_failed',
  });
  expect(await askResponse(broken, { store: false })).toMatchObject({ status: 200 });
  await broken.close();
});
