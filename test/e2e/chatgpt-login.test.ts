import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chatgptLogin, type Chatgpt } from '../support/chatgpt.ts';
import { startChatgptGateway, type ChatgptGateway } from '../support/chatgpt-gateway.ts';
import type { TestGateway } from '../support/gateway.ts';
import { refuse } from '../support/upstream.ts';

const login = chatgptLogin();
let running: ChatgptGateway;
let chatgpt: Chatgpt;
let gateway: TestGateway;

beforeAll(async () => {
  running = await startChatgptGateway((codexHome) =>
    writeFileSync(join(codexHome, 'auth.json'), login, { mode: 0o600 }),
  );
  ({ chatgpt, gateway } = running);
});
afterAll(() => running.close());

const turns = () => chatgpt.calls.filter(({ route }) => route.endsWith('/codex/responses'));

it('shows the signed-in account as the one in use', () => {
  expect(gateway.running.login).toMatchObject({
    type: 'account',
    account: { type: 'chatgpt', email: 'a@example.com', planType: 'pro' },
  });
});

it.each(['gpt-5.5', 'gpt-6-sol'])('runs a bare turn of %s on the account', async (model) => {
  const completion = await gateway.client.chat.completions.create({
    model,
    messages: [{ role: 'user', content: 'hello' }],
  });
  expect(completion.choices[0]!.message.content).toBe('Hello.');
  const { headers, body } = turns().at(-1)!;
  expect(headers).toMatchObject({
    'chatgpt-account-id': 'account-1',
    authorization: expect.stringMatching(/^Bearer /),
  });
  expect(body).toMatchObject({
    model,
    tools: [],
    input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hello' }] }],
  });
  expect((body as { input: unknown[] }).input).toHaveLength(1);
});

it('sends ChatGPT only requests for the account, its settings, its models and the turns', () => {
  const routes = chatgpt.calls.map(({ route }) => route.replace(/\?.*/, ''));
  expect(new Set(routes)).toEqual(
    new Set([
      'GET /backend-api/wham/accounts/check',
      'GET /backend-api/wham/settings/user',
      'GET /backend-api/codex/models',
      'POST /backend-api/codex/responses',
    ]),
  );
});

it('reports a refused login in one clear error and leaves auth.json as it was', async () => {
  chatgpt.use(
    (response) =>
      void refuse(401, { error: { message: 'expired', code: 'token_expired' } })({} as never, response),
  );
  const before = turns().length;
  const failure: unknown = await gateway.client.chat.completions
    .create({ model: 'gpt-5.5', messages: [{ role: 'user', content: 'hello' }] })
    .catch((error: unknown) => error);
  // Codex tries to refresh its token; here the way to the login server is closed.
  expect(failure).toMatchObject({ code: expect.stringMatching(/^(provider_unauthorized|upstream_error)$/) });
  expect((failure as Error).message).not.toMatch(/https?:/);
  expect(turns().length - before).toBeLessThanOrEqual(3);
  expect(readFileSync(join(gateway.codexHome, 'auth.json'), 'utf8')).toBe(login);
});
