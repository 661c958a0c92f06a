import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { childrenOf } from '../support/process.ts';
import { sayByHand } from '../support/upstream-answers.ts';
import { say } from '../support/upstream.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const LIMIT_BYTES = 20_000_000;
const gateway = useTestGateway({ config: { child: { maxLogBytes: LIMIT_BYTES } } });

const CHAT = { model: 'gpt-5.5', messages: [{ role: 'user', content: 'hello' }] };
const appServers = () => childrenOf(process.pid, 'app-server');

it('an app-server whose log has grown too large is replaced while its answers come to their ends', async () => {
  const answer = sayByHand();
  gateway.upstream.use(answer.script);
  const running = gateway.post(CHAT);
  await answer.asked;
  const [before] = appServers();
  gateway.upstream.use(say('Hello.'));
  const homes = join(gateway.stateDirectory, 'homes');
  const [home] = readdirSync(homes);
  writeFileSync(join(homes, home!, 'logs_99.sqlite'), Buffer.alloc(LIMIT_BYTES + 1));
  const statuses = new Set<number>();
  // No request fails on the way from one to the other.
  while (appServers().length < 2 || readdirSync(homes).length < 2) {
    statuses.add((await gateway.post(CHAT)).status);
  }
  statuses.add((await gateway.post(CHAT)).status);
  expect([...statuses]).toEqual([200]);
  expect(
    gateway.log.lines.filter((line) => line.includes('log database of codex app-server has grown too large')),
  ).toHaveLength(1);
  answer.say('The end.');
  answer.end();
  expect(await (await running).json()).toMatchObject({ choices: [{ message: { content: 'The end.' } }] });
  const left = () => ({
    isRunning: appServers().includes(before!),
    hasHome: readdirSync(homes).includes(home!),
    log: gateway.log.lines.filter((line) => line.includes('app-server')),
  });
  await expect.poll(left, { timeout: 20_000 }).toMatchObject({ isRunning: false, hasHome: false });
  expect((await gateway.post(CHAT)).status).toBe(200);
  expect(await (await gateway.fetch('/metrics')).text()).toMatch(
    /^codex_gateway_child_restarts_total [1-9]/m,
  );
});
