import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askResponse } from '../support/ask-response.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { childrenOf, isAlive, until } from '../support/process.ts';
import { sayByHand } from '../support/upstream-answers.ts';
import { say } from '../support/upstream.ts';

const CHAT = { model: 'gpt-5.5', messages: [{ role: 'user', content: 'hello' }] };

async function start(): Promise<TestGateway> {
  const gateway = await startTestGateway();
  onTestFinished(() => gateway.close());
  gateway.upstream.use(say('Hello.'));
  return gateway;
}

const remove = (path: string) => rmSync(path, { recursive: true, maxRetries: 5 });
const appServers = () => childrenOf(process.pid, 'app-server');
const reports = ({ log }: TestGateway) => log.lines.filter((line) => line.includes('state folder'));

async function statusesOf(gateway: TestGateway, count: number): Promise<number[]> {
  const replies = await Promise.all(Array.from({ length: count }, () => gateway.post(CHAT)));
  return replies.map(({ status }) => status);
}

describe('a gateway whose state folder was removed', () => {
  it.each([
    ['deleted', remove],
    ['moved away', (path: string) => renameSync(path, `${path}.old`)],
  ])('answers the next requests after it was %s, with one new app-server', async (_way, take) => {
    const gateway = await start();
    take(gateway.stateDirectory);
    expect(await statusesOf(gateway, 5)).toEqual([200, 200, 200, 200, 200]);
    expect(await askResponse(gateway, { store: false })).toMatchObject({ status: 200 });
    expect(await statusesOf(gateway, 1)).toEqual([200]);
    expect(reports(gateway)).toEqual([expect.stringMatching(/^error .*state folder.* was removed/)]);
    await expect.poll(appServers).toHaveLength(1);
    expect(statSync(gateway.stateDirectory).mode & 0o777).toBe(0o700);
  });

  it('stores responses in a new folder and does not know those of the old one', async () => {
    const gateway = await start();
    const { response: lost } = await askResponse(gateway, {});
    remove(gateway.stateDirectory);
    const { response } = await askResponse(gateway, {});
    expect(response).toMatchObject({ status: 'completed', store: true });
    expect(await askResponse(gateway, { previous_response_id: response!.id })).toMatchObject({ status: 200 });
    expect(await askResponse(gateway, { previous_response_id: lost!.id })).toMatchObject({
      error: { code: 'previous_response_not_found' },
    });
    expect(statSync(gateway.stateDirectory).mode & 0o777).toBe(0o700);
  });

  it('lets a running answer come to its end beside the new app-server', async () => {
    const gateway = await start();
    const answer = sayByHand();
    gateway.upstream.use(answer.script);
    const running = gateway.post(CHAT);
    await answer.asked;
    remove(gateway.stateDirectory);
    gateway.upstream.use(say('Hello.'));
    expect(await statusesOf(gateway, 1)).toEqual([200]);
    await expect.poll(appServers).toHaveLength(2);
    answer.say('The end.');
    answer.end();
    expect(await (await running).json()).toMatchObject({ choices: [{ message: { content: 'The end.' } }] });
    await expect.poll(appServers).toHaveLength(1);
  });

  it('starts an app-server that ended again, in a new home, also when only its working folder was removed', async () => {
    const gateway = await start();
    remove(gateway.stateDirectory);
    const [child] = appServers();
    process.kill(child!, 'SIGKILL');
    await until(() => !isAlive(child!));
    expect(await statusesOf(gateway, 3)).toEqual([200, 200, 200]);
    expect(reports(gateway)).toHaveLength(1);
    expect(appServers()).toHaveLength(1);

    const homes = join(gateway.stateDirectory, 'homes');
    for (const name of readdirSync(homes)) remove(join(homes, name, 'cwd'));
    const [next] = appServers();
    process.kill(next!, 'SIGKILL');
    await until(() => !isAlive(next!));
    expect(await statusesOf(gateway, 2)).toEqual([200, 200]);
    expect(readdirSync(homes)).toHaveLength(1);
  });

  it('says what is wrong while the folder cannot be made again, and goes on once it can', async () => {
    const gateway = await start();
    remove(gateway.stateDirectory);
    writeFileSync(gateway.stateDirectory, '');
    for (const body of [{ store: false }, {}]) {
      const { status, error } = await askResponse(gateway, body);
      expect([status, error!.code]).toEqual(
        'store' in body ? [503, 'codex_unavailable'] : [500, 'storage_failed'],
      );
      expect(error!.message).not.toContain(gateway.stateDirectory);
    }
    const reply = await gateway.post(CHAT);
    expect(await reply.json()).toMatchObject({
      error: { message: expect.stringContaining('state folder was removed') as string },
    });
    expect(gateway.log.lines.join()).not.toContain(gateway.stateDirectory);
    expect(reports(gateway)[0]).toContain('was removed');
    rmSync(gateway.stateDirectory);
    await expect.poll(() => statusesOf(gateway, 1), { timeout: 20_000 }).toEqual([200]);
    await expect
      .poll(() => askResponse(gateway, {}), { timeout: 20_000 })
      .toMatchObject({ response: { store: true } });
  });
});
