import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { catalogEntry, chatgptLogin, type Chatgpt } from '../support/chatgpt.ts';
import { startChatgptGateway, type ChatgptGateway } from '../support/chatgpt-gateway.ts';
import type { TestGateway } from '../support/gateway.ts';
import { childrenOf, until } from '../support/process.ts';
import { say, sendCompleted, startMessage } from '../support/upstream.ts';

let running: ChatgptGateway;
let chatgpt: Chatgpt;
let gateway: TestGateway;

beforeAll(async () => {
  running = await startChatgptGateway();
  ({ chatgpt, gateway } = running);
});
afterAll(() => running.close());

/** As Codex itself does: whole or not at all. */
function signIn(login: string): void {
  const path = join(gateway.codexHome, 'auth.json');
  writeFileSync(`${path}.new`, login, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

const listed = async () => (await gateway.client.models.list()).data.map(({ id }) => id);
const ask = (model: string) => gateway.post({ model, messages: [{ role: 'user', content: 'hello' }] });
const homes = () => readdirSync(join(gateway.stateDirectory, 'homes'));
const bearer = () => {
  const { headers } = chatgpt.calls.findLast(({ route }) => route.endsWith('/codex/responses'))!;
  const [, claims] = headers.authorization!.split('.');
  return (JSON.parse(Buffer.from(claims!, 'base64url').toString()) as { email: string }).email;
};

it('lists the binary’s own models without a login, and a turn gets a 401 that says what to do', async () => {
  expect(await listed()).toContain('gpt-5.5');
  const response = await ask('gpt-5.5');
  expect([response.status, await response.json()]).toMatchObject([
    401,
    { error: { code: 'codex_not_signed_in' } },
  ]);
});

it('uses a login made while it runs at once, with the models of its account', async () => {
  chatgpt.models = [catalogEntry('gpt-of-a'), catalogEntry('gpt-hidden', 'hide')];
  signIn(chatgptLogin('a@example.com'));
  const response = await ask('gpt-of-a');
  expect([response.status, bearer()]).toEqual([200, 'a@example.com']);
  expect(await listed()).toEqual(['gpt-of-a']);
  expect((await ask('gpt-hidden')).status).toBe(200);
  expect((await ask('gpt-5.5')).status).toBe(404);
  const model = await gateway.client.models.retrieve('gpt-of-a');
  expect(model).toMatchObject({ context_length: 123_456, reasoning_efforts: ['medium'] });
});

it('sends models of the account the same bare prompt as the binary’s', async () => {
  await ask('gpt-of-a');
  const { body } = chatgpt.calls.findLast(({ route }) => route.endsWith('/codex/responses'))!;
  expect(body).toMatchObject({ model: 'gpt-of-a', tools: [], input: [{ role: 'user' }] });
  expect((body as { input: unknown[] }).input).toHaveLength(1);
});

it('uses a new login while a turn of the previous one runs to its end', async () => {
  const finish = Promise.withResolvers<void>();
  chatgpt.use(async (response) => {
    startMessage(response, 'first');
    await finish.promise;
    sendCompleted(response);
  });
  const running = await gateway.post({
    model: 'gpt-of-a',
    stream: true,
    messages: [{ role: 'user', content: 'hello' }],
  });
  chatgpt.use((response) => void say('Hello.')({} as never, response));
  chatgpt.models = [catalogEntry('gpt-of-b')];
  signIn(chatgptLogin('b@example.com'));
  expect((await ask('gpt-of-b')).status).toBe(200);
  expect(bearer()).toBe('b@example.com');
  expect(childrenOf(process.pid, 'app-server')).toHaveLength(2);
  finish.resolve();
  expect((await running.text()).endsWith('data: [DONE]\n\n')).toBe(true);
  await until(() => childrenOf(process.pid, 'app-server').length === 1 && homes().length === 1);
});

it('starts one new app-server for many requests at the moment of the change', async () => {
  chatgpt.models = [catalogEntry('gpt-of-c')];
  const takeovers = () =>
    gateway.log.lines.filter((line) => line.includes('a new app-server takes over')).length;
  const before = takeovers();
  signIn(chatgptLogin('c@example.com'));
  const responses = await Promise.all(Array.from({ length: 5 }, () => ask('gpt-of-c')));
  expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  await until(() => homes().length === 1);
  expect(takeovers() - before).toBe(1);
});

it('keeps the binary’s own models when the account’s list cannot be fetched', async () => {
  chatgpt.models = [{ slug: 'broken' }];
  signIn(chatgptLogin('d@example.com'));
  expect(await listed()).toContain('gpt-5.5');
});

it('notices a removed login and stops listing the models of its account', async () => {
  chatgpt.models = [catalogEntry('gpt-of-e')];
  signIn(chatgptLogin('e@example.com'));
  expect((await ask('gpt-of-e')).status).toBe(200);
  rmSync(join(gateway.codexHome, 'auth.json'));
  for (const model of ['gpt-of-e', 'gpt-5.5']) {
    const response = await ask(model);
    expect([response.status, await response.json()]).toMatchObject([
      401,
      { error: { code: 'codex_not_signed_in' } },
    ]);
  }
  expect(existsSync(join(gateway.codexHome, 'auth.json'))).toBe(false);
});
