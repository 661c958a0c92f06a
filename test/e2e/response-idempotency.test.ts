import { expect, it } from 'vitest';
import { eventsOf } from '../support/ask-response.ts';
import { until } from '../support/process.ts';
import { sayByHand } from '../support/upstream-answers.ts';
import { breakOff, say } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();
const responses = () => gateway.client.responses;

const post = (key: string, signal?: AbortSignal) =>
  gateway.fetch('/v1/responses', {
    method: 'POST',
    body: JSON.stringify({ model: 'gpt-5.5', input: 'hello', stream: true }),
    headers: { 'idempotency-key': key },
    ...(signal && { signal }),
  });

/** Resolves when the gateway has logged that a client is gone. */
async function clientGone(): Promise<void> {
  await until(() => gateway.log.lines.some((line) => line.includes('"status":499')));
}

it('a response with several clients is stored as it ends, even if one of them left', async () => {
  const answer = sayByHand();
  gateway.upstream.use(answer.script);
  const leaver = new AbortController();
  const asked = post('joined', leaver.signal);
  answer.say('Hel');
  const first = await asked;
  const second = await post('joined');
  leaver.abort();
  await expect(first.text()).rejects.toThrow('abort');
  await clientGone();
  answer.say('lo');
  answer.end();
  const end = eventsOf(await second.text()).at(-1)!;
  expect(end).toMatchObject({ type: 'response.completed', response: { status: 'completed' } });
  expect(await responses().retrieve(end.response!.id)).toMatchObject({
    status: 'completed',
    error: null,
    output_text: 'Hello',
  });
  expect(gateway.upstream.requests).toHaveLength(1);
});

it('a deleted response is not stored again when its key is repeated', async () => {
  gateway.upstream.use(say('Hello.'));
  const told = await (await post('deleted')).text();
  const { id } = eventsOf(told).at(-1)!.response!;
  await responses().delete(id);
  expect(eventsOf(await (await post('deleted')).text()).at(-1)!.response!.id).toBe(id);
  await expect(responses().retrieve(id)).rejects.toMatchObject({ status: 404 });
});

it('a background response runs once for its key, until it has failed', async () => {
  const begin = async () => {
    const body = { model: 'gpt-5.5', input: 'hello', background: true, stream: true };
    const headers = { 'idempotency-key': 'background' };
    const reply = await gateway.fetch('/v1/responses', {
      method: 'POST',
      body: JSON.stringify(body),
      headers,
    });
    return eventsOf(await reply.text()).at(-1)!;
  };
  gateway.upstream.use(breakOff('Hel'));
  expect((await begin()).type).toBe('response.failed');
  gateway.upstream.use(say('Hello.'));
  const again = await begin();
  expect(again.type).toBe('response.completed');
  expect(await begin()).toEqual(again);
});
