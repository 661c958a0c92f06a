import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { modelListSchema, type ConsoleModelList } from '../../../src/console/contract/models.ts';
import { addTestToken } from '../../support/add-token.ts';
import { useTestGateway } from '../../support/use-test-gateway.ts';

const gateway = useTestGateway({
  codexConfig: (url) => `openai_base_url = "${url}"\n`,
  prepare: (home) => writeFileSync(join(home, 'auth.json'), '{"OPENAI_API_KEY":"sk-test"}', { mode: 0o600 }),
});

const TEXT = `{
  "port": 0,
  "token": "test-token-of-this-suite",

  "models": [
    { "id": "deep",   "model": "gpt-5.5", "reasoningEffort": "high" }
  ]
}
`;

const configPath = () => join(dirname(gateway.codexHome), 'config.json');

const readText = () => readFileSync(configPath(), 'utf8');

async function list(init?: Parameters<typeof gateway.fetch>[1]): Promise<ConsoleModelList> {
  const response = await gateway.fetch('/console/models', init);
  return modelListSchema.parse(await response.json());
}

/** Asks for a change, with the version of the file as it is now; resolves to the status, and the answer or the error. */
async function change(body: object, headers: Readonly<Record<string, string>> = {}) {
  const { version } = (await list()).file;
  const response = await gateway.fetch('/console/models', {
    method: 'POST',
    headers,
    body: JSON.stringify({ version, ...body }),
  });
  const answer = (await response.json()) as ConsoleModelList & {
    readonly error?: { readonly message: string };
  };
  return { status: response.status, message: answer.error?.message, own: answer.own };
}

const ask = async (model: string) =>
  (await gateway.post({ model, messages: [{ role: 'user', content: 'Hello' }] })).status;

beforeEach(() => writeFileSync(configPath(), TEXT));

it('the console lists every model, hidden ones included, with what each can do, and those of the config file', async () => {
  const { models, own, provider, is_complete: isComplete, file } = await list();
  expect(models.some((model) => model.is_hidden)).toBe(true);
  expect(models.filter((model) => model.is_default)).toHaveLength(1);
  expect(models.find((model) => model.is_default)).toMatchObject({ alias_of: null, owned_by: 'openai' });
  // The file has changed since the start.
  expect(own).toMatchObject([{ id: 'deep', model: 'gpt-5.5', reasoning_effort: 'high', state: 'restart' }]);
  expect({ provider, isComplete }).toEqual({ provider: 'openai', isComplete: false });
  expect(file).toMatchObject({ path: configPath(), exists: true, problem: null, restart: null });
});

it('an alias that is added serves at once, one that is changed as it is then, and one that is removed no more', async () => {
  const added = await change({
    entry: { id: 'pirate', model: 'gpt-5.5', system: 'Answer as a pirate would.', verbosity: 'low' },
  });
  expect(added.own.map(({ id, state }) => [id, state])).toEqual([
    ['deep', 'in_force'],
    ['pirate', 'in_force'],
  ]);
  expect(await ask('pirate')).toBe(200);
  expect(gateway.upstream.requests.at(-1)!.body).toMatchObject({
    model: 'gpt-5.5',
    text: { verbosity: 'low' },
  });
  expect(JSON.stringify(gateway.upstream.requests.at(-1)!.body)).toContain('as a pirate would');

  await change({ replaces: 'pirate', entry: { id: 'sailor', model: 'gpt-5.5', reasoning_effort: 'low' } });
  expect(await ask('pirate')).toBe(404);
  expect(await ask('sailor')).toBe(200);
  expect(gateway.upstream.requests.at(-1)!.body).toMatchObject({ reasoning: { effort: 'low' } });
  expect(JSON.stringify(gateway.upstream.requests.at(-1)!.body)).not.toContain('pirate');

  await change({ replaces: 'sailor' });
  expect(await ask('sailor')).toBe(404);
  expect(readText()).toMatch(
    /^\{\n {2}"port": 0,\n {2}"token": "test-token-of-this-suite",\n\n {2}"models": \[/,
  );
  expect(JSON.parse(readText())).toEqual(JSON.parse(TEXT));
});

it('a change leaves everything else in the file as its owner has written it', async () => {
  await change({ replaces: 'deep', entry: { id: 'deep', model: 'gpt-5.5', reasoning_effort: 'low' } });
  expect(readText()).toBe(TEXT.replace('high', 'low'));
});

it('a model that Codex does not know is served after a restart', async () => {
  const { own } = await change({ entry: { id: 'soon', model: 'unheard-of' } });
  expect(own.at(-1)).toMatchObject({ id: 'soon', state: 'restart' });
});

it.each([
  [
    'an effort that its model does not have',
    { id: 'x', model: 'gpt-5.5', reasoning_effort: 'odd' },
    "'odd', but gpt-5.5 knows",
  ],
  ['an id that is taken', { id: 'deep', model: 'gpt-5.5' }, "two entries have the id 'deep'"],
  ['an alias of an alias', { id: 'x', model: 'deep' }, 'which is itself an alias'],
  ['a fallback without a model', { id: '*' }, "needs a 'model'"],
  ['a verbosity that there is not', { id: 'x', verbosity: 'odd' }, "'models[1].verbosity'"],
  ['an empty id', { id: '' }, "Invalid 'entry.id': expected a string that is not empty."],
])('%s is refused with what is wrong, and not written', async (_, entry, problem) => {
  const { status, message } = await change({ entry });
  expect({ status, message }).toEqual({ status: 400, message: expect.stringContaining(problem) as string });
  expect(readText()).toBe(TEXT);
});

it('an entry that is gone, and a file that was changed elsewhere, are not overwritten', async () => {
  expect(await change({ replaces: 'gone', entry: { id: 'gone' } })).toMatchObject({ status: 404 });
  expect(await change({ version: 'older', entry: { id: 'x', model: 'gpt-5.5' } })).toMatchObject({
    status: 409,
    message: expect.stringContaining('has changed since') as string,
  });
  expect(readText()).toBe(TEXT);
});

it('a read-only file is shown as such, and stays', async () => {
  chmodSync(configPath(), 0o400);
  const { file, own } = await list();
  const answer = await change({ replaces: 'deep' });
  chmodSync(configPath(), 0o600);
  expect(own).toHaveLength(1);
  expect(file.problem).toMatch(/is read-only/);
  expect(answer).toMatchObject({ status: 409, message: file.problem });
  expect(readText()).toBe(TEXT);
});

it('a named token sees the models, but does not change the config file', async () => {
  const token = await addTestToken(gateway.stateDirectory, 'phone', { scope: 'console' });
  const headers = { authorization: `Bearer ${token}` };
  expect((await list({ headers })).file.problem).toMatch(/Only the token of the gateway itself/);
  expect(await change({ replaces: 'deep' }, headers)).toMatchObject({ status: 409 });
  expect(readText()).toBe(TEXT);
});
