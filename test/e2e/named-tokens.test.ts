import OpenAI from 'openai';
import { expect, it } from 'vitest';
import { revokeNamedToken } from '../../src/app/access/named-tokens.ts';
import { addTestToken } from '../support/add-token.ts';
import { say } from '../support/upstream.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway();

const CHAT = { model: 'gpt-5.5', messages: [{ role: 'user' as const, content: 'hello' }] };

const headersOf = (key: string) => ({ authorization: `Bearer ${key}` });

async function get(path: string, key: string) {
  const response = await gateway.fetch(path, { headers: headersOf(key) });
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    text: await response.text(),
  };
}

const clientOf = (key: string) =>
  new OpenAI({ baseURL: `${gateway.running.origin}/v1`, apiKey: key, maxRetries: 0 });

it('a token that is added while the gateway runs can chat at once, and cannot once it is revoked', async () => {
  const key = await addTestToken(gateway.stateDirectory, 'short-lived');
  gateway.upstream.use(say('hello'));
  const answer = await clientOf(key).chat.completions.create(CHAT);
  expect(answer.choices[0]?.message.content).toBe('hello');
  await revokeNamedToken(gateway.stateDirectory, 'short-lived');
  const revokedAt = performance.now();
  while ((await get('/v1/models', key)).status !== 401)
    expect(performance.now() - revokedAt).toBeLessThan(1_000);
  expect((await get('/v1/models', key)).text).toContain('invalid_api_key');
});

it('a token reaches only the surfaces of its scopes', async () => {
  const key = await addTestToken(gateway.stateDirectory, 'watcher', { scope: 'metrics' });
  for (const path of ['/v1/models', '/status', '/v1/usage']) {
    expect(await get(path, key)).toMatchObject({
      status: 403,
      text: expect.stringContaining('Missing scopes: openai.') as string,
    });
  }
});
