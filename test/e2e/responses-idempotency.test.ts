import { expect, it } from 'vitest';
import { sayByHand } from '../support/upstream-answers.ts';
import { say } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();
const body = { model: 'gpt-5.5', input: 'Hi.' };
const again = (key: string) => ({ headers: { 'idempotency-key': key } });

it('a response requested twice with one key is one response', async () => {
  gateway.upstream.use(say('Hello.'));
  const { client } = gateway;
  const [first, second] = await Promise.all([
    client.responses.create(body, again('a')),
    client.responses.create(body, again('a')),
  ]);
  const third = await client.responses.create(body, again('a'));
  expect(gateway.upstream.requests).toHaveLength(1);
  expect([second.id, third.id]).toEqual([first.id, first.id]);
  expect([second.output, third.output]).toEqual([first.output, first.output]);
  const kept = await client.responses.retrieve(first.id);
  expect(kept.output).toEqual(first.output);
});

it('a stream requested twice with one key returns the same response', async () => {
  gateway.upstream.use(say('Hel', 'lo.'));
  const ask = async () =>
    await Array.fromAsync(await gateway.client.responses.create({ ...body, stream: true }, again('b')));
  const first = await ask();
  const second = await ask();
  expect(gateway.upstream.requests).toHaveLength(1);
  const withoutTimes = (events: readonly object[]) =>
    JSON.stringify(events, (key, value: unknown) => (key === 'completed_at' ? 0 : value));
  expect(withoutTimes(second)).toBe(withoutTimes(first));
});

it('a background response requested twice with one key runs once', async () => {
  const answer = sayByHand();
  gateway.upstream.use(answer.script);
  const { client } = gateway;
  const first = await client.responses.create({ ...body, background: true }, again('c'));
  await answer.asked;
  const second = await client.responses.create({ ...body, background: true }, again('c'));
  expect(second.id).toBe(first.id);
  answer.say('Hello.');
  answer.end();
  await expect.poll(async () => (await client.responses.retrieve(first.id)).status).toBe('completed');
  const third = await client.responses.create({ ...body, background: true }, again('c'));
  expect(third).toMatchObject({ id: first.id, status: 'completed', output_text: 'Hello.' });
  expect(gateway.upstream.requests).toHaveLength(1);
  const other = client.responses.create({ ...body, input: 'Ho.', background: true }, again('c'));
  await expect(other).rejects.toMatchObject({ status: 400, code: 'idempotency_key_in_use' });
});
