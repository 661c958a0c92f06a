import { describe, expect, it } from 'vitest';
import { sayByHand } from '../support/upstream-answers.ts';
import { say } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();
const model = 'gpt-5.5';

const CHAT = { model, messages: [{ role: 'user', content: 'hello' }] };
const RESPONSE = { model, input: 'hello' };
const BACKGROUND = { ...RESPONSE, background: true };
const ROUTES = [
  ['/v1/chat/completions', CHAT],
  ['/v1/completions', { model, prompt: 'hello' }],
  ['/v1/responses', RESPONSE],
  ['/v1/responses', { ...BACKGROUND, stream: true }],
  ['/v1/responses/compact', RESPONSE],
] as const;

let keys = 0;
const newKey = () => `route-key-${(keys += 1)}`;
const post = (path: string, body: object, key: string) =>
  gateway.fetch(path, { method: 'POST', body: JSON.stringify(body), headers: { 'idempotency-key': key } });

async function expectMismatch(reply: Promise<Response>): Promise<void> {
  const response = await reply;
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: 'idempotency_key_in_use' } });
}

describe.each(ROUTES)('a key that was used on %s with %j', (path, body) => {
  it('gets a 400 on every other route, and with another body on the same one', async () => {
    gateway.upstream.use(say('Hello.'));
    const key = newKey();
    await (await post(path, body, key)).text();
    for (const [otherPath, other] of ROUTES) {
      if (other !== body || otherPath !== path) await expectMismatch(post(otherPath, other, key));
    }
    await expectMismatch(post(path, { ...body, service_tier: 'flex' }, key));
    expect(gateway.upstream.requests).toHaveLength(1);
  });
});

it('a key gets a 400 on another route at once while its request still runs', async () => {
  const answer = sayByHand();
  gateway.upstream.use(answer.script);
  const [key, later] = [newKey(), newKey()];
  const running = post('/v1/chat/completions', CHAT, key);
  await answer.asked;
  for (const [path, body] of ROUTES.slice(1)) await expectMismatch(post(path, body, key));
  answer.end();
  await (await running).text();

  const second = sayByHand();
  gateway.upstream.use(second.script);
  const begun = await post('/v1/responses', BACKGROUND, later);
  const { id } = (await begun.json()) as { id: string };
  await expectMismatch(post('/v1/responses', RESPONSE, later));
  expect(((await (await post('/v1/responses', BACKGROUND, later)).json()) as { id: string }).id).toBe(id);
  await second.asked;
  second.end();
});

it.each([
  '/chat/completions',
  '/v1/v1/chat/completions/',
  '/v1/Chat/Completions',
  '/openai/v1/chat/completions',
])('a key identifies the same request under the spelling %s', async (spelling) => {
  gateway.upstream.use(say('Hello.'));
  const key = newKey();
  const first = await (await post('/v1/chat/completions', CHAT, key)).text();
  expect(await (await post(spelling, CHAT, key)).text()).toBe(first);
  expect(gateway.upstream.requests).toHaveLength(1);
});

it('a key identifies the same request when the path names its model', async () => {
  gateway.upstream.use(say('Hello.'));
  const key = newKey();
  const azure = `/openai/deployments/${model}/chat/completions?api-version=2024-10-21`;
  const first = await (await post(azure, { messages: CHAT.messages }, key)).text();
  expect(await (await post(azure, { messages: CHAT.messages }, key)).text()).toBe(first);
  expect(gateway.upstream.requests).toHaveLength(1);
});
