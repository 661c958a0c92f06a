import { expect, it } from 'vitest';
import { childrenOf } from '../support/process.ts';
import { sayByHand } from '../support/upstream-answers.ts';
import { say } from '../support/upstream.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway({ config: { child: { maxMemoryBytes: 1 } } });

const CHAT = { model: 'gpt-5.5', messages: [{ role: 'user', content: 'hello' }] };
const appServers = () => childrenOf(process.pid, 'app-server');

it('an app-server that takes too much memory is replaced while its answers come to their ends', async () => {
  const answer = sayByHand();
  gateway.upstream.use(answer.script);
  const running = gateway.post(CHAT);
  await answer.asked;
  const [before] = appServers();
  gateway.upstream.use(say('Hello.'));
  const statuses = new Set<number>();
  // No request fails on the way from one to the other.
  while (!gateway.log.lines.some((line) => line.includes('too much memory')) || appServers().length < 2) {
    statuses.add((await gateway.post(CHAT)).status);
  }
  statuses.add((await gateway.post(CHAT)).status);
  expect([...statuses]).toEqual([200]);
  answer.say('The end.');
  answer.end();
  expect(await (await running).json()).toMatchObject({ choices: [{ message: { content: 'The end.' } }] });
  await expect.poll(() => appServers().includes(before!)).toBe(false);
  expect((await gateway.post(CHAT)).status).toBe(200);
  expect(await (await gateway.fetch('/readyz')).json()).toEqual({ ready: true });
});
