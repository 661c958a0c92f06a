import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    demo: true,
    // A proxy that is not there and a configuration that would stop any start: the demo reads neither.
    environment: { HTTP_PROXY: 'http://127.0.0.1:9', http_proxy: 'http://127.0.0.1:9' },
    codexConfig: () => 'not = [valid',
    prepare: (codexHome) => writeFileSync(join(codexHome, 'auth.json'), '{"OPENAI_API_KEY":"sk-user"}'),
  });
});
afterAll(() => gateway.close());

it('offers one model and answers by it, whole and streamed', async () => {
  const { data } = await gateway.client.models.list();
  expect(data.map(({ id, owned_by }) => [id, owned_by])).toEqual([['demo', 'demo']]);
  const question = { model: 'demo', messages: [{ role: 'user' as const, content: 'Hi there' }] };
  const completion = await gateway.client.chat.completions.create(question);
  expect(completion.choices[0]!.message.content).toMatch(/^This is the demo model.* You said: Hi there$/);
  expect(completion.usage).toMatchObject({ prompt_tokens: 2 });
  const stream = gateway.client.chat.completions.stream(question);
  expect(await stream.finalContent()).toBe(completion.choices[0]!.message.content);
});

it('uses no login and asks nobody else', () => {
  expect(gateway.running.login).toEqual({ type: 'not-needed' });
  expect(gateway.upstream.requests).toEqual([]);
});
