import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../support/gateway.ts';
import { childrenOf } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { refuse } from '../support/upstream.ts';

let gateway: TestGateway;
/** Starts a gateway until the running test ends. */
async function start(options: TestGatewayOptions): Promise<void> {
  const started = await startTestGateway(options);
  onTestFinished(() => started.close());
  gateway = started;
}
const ask = (model: string, messages: object[] = [{ role: 'user', content: 'hello' }]) =>
  gateway.post({ model, messages });
const listed = async () => (await gateway.client.models.list()).data.map(({ id }) => id);
const sent = () => gateway.upstream.requests.at(-1)!;

describe('another provider with a key and headers of its own', () => {
  const config = (url: string) => `model = "house-1"
model_provider = "house"
[model_providers.house]
name = "House"
base_url = "${url}"
wire_api = "responses"
env_key = "HOUSE_KEY"
http_headers = { "x-team" = "SECRET-TEAM" }
env_http_headers = { "x-project" = "HOUSE_PROJECT" }
query_params = { "api-version" = "1" }
`;
  const environment = { HOUSE_KEY: 'SECRET-KEY', HOUSE_PROJECT: 'SECRET-PROJECT' };

  it('serves chat under its own id and an alias, and lists only its models', async () => {
    await start({
      codexConfig: config,
      environment,
      config: { models: [{ id: 'fast', model: 'house-mini' }, { id: 'house-2' }] },
    });
    expect(await listed()).toEqual(['fast', 'house-2', 'house-1']);
    for (const [asked, upstream] of [
      ['house-1', 'house-1'],
      ['house-2', 'house-2'],
      ['fast', 'house-mini'],
    ]) {
      const response = await ask(asked!);
      expect(await response.json()).toMatchObject({
        model: asked,
        choices: [{ message: { content: 'Hello.' } }],
      });
      expect(sent().body).toMatchObject({ model: upstream, tools: [] });
      expect(sent().body.input).toHaveLength(1);
    }
    expect(sent().headers).toMatchObject({
      authorization: 'Bearer SECRET-KEY',
      'x-team': 'SECRET-TEAM',
      'x-project': 'SECRET-PROJECT',
    });
    // What is not on the list is not there, Codex's own models neither.
    for (const model of ['gpt-5.5', 'house-mini']) expect((await ask(model)).status).toBe(404);
  });

  it('lists Codex’s catalog beside its model when it configures no models, and has no secret in a log, on a command line or in an error', async () => {
    await start({ codexConfig: config, environment });
    expect(await listed()).toEqual(expect.arrayContaining(['house-1', 'gpt-5.5']));
    expect(gateway.running.model).toBe('house-1');
    const [child] = childrenOf(process.pid, 'app-server');
    gateway.upstream.use(refuse(401, { error: { message: 'bad key SECRET-KEY' } }));
    const refused = await (await ask('house-1')).text();
    const commands = execFileSync('ps', ['-o', 'args=', '-p', String(child)], { encoding: 'utf8' });
    for (const place of [refused, commands, gateway.log.lines.join('\n')])
      expect(place).not.toContain('SECRET');
    expect(JSON.parse(refused)).toMatchObject({ error: { code: 'provider_unauthorized' } });
  });
});

it('the config selects another provider than config.toml, without that file’s model', async () => {
  await start({
    codexConfig: (url) => `model = "gpt-of-the-other"
model_provider = "other"
[model_providers.other]
name = "other"
base_url = "http://127.0.0.1:9/v1"
[model_providers.house]
name = "House"
base_url = "${url}"
`,
    config: { provider: 'house', models: [{ id: 'house-1' }] },
  });
  expect(await listed()).toEqual(['house-1']);
  expect((await ask('house-1')).status).toBe(200);
});

it('the machine-wide config fills in what config.toml leaves out', async () => {
  const systemFolder = join(temporaryFolder(), 'etc');
  mkdirSync(systemFolder);
  await start({
    systemFolder,
    codexConfig: () => 'model = "house-1"\n[model_providers.house]\nhttp_headers = { "x-team" = "own" }',
    prepare: (_home, url) =>
      writeFileSync(
        join(systemFolder, 'config.toml'),
        `model_provider = "house"\n[model_providers.house]\nname = "House"\nbase_url = "${url}"`,
      ),
  });
  expect((await ask('house-1')).status).toBe(200);
  expect(sent()).toMatchObject({ body: { model: 'house-1' }, headers: { 'x-team': 'own' } });
});

describe.each(['ollama', 'lmstudio'])('the provider %s, whose id Codex reserves,', (provider) => {
  it('is asked once, without a key', async () => {
    await start({
      codexConfig: () => '',
      config: { provider, models: [{ id: 'qwen3' }] },
      environment: (url) => ({ CODEX_OSS_PORT: new URL(url).port, OPENAI_API_KEY: 'SECRET' }),
    });
    expect((await ask('qwen3')).status).toBe(200);
    expect(sent().headers.authorization).toBeUndefined();
    gateway.upstream.requests.length = 0;
    gateway.upstream.use(refuse(500, {}));
    expect((await ask('qwen3')).status).toBe(500);
    expect(gateway.upstream.requests).toHaveLength(1);
  });
});

/** Codex's own provider, with an API key. */
const OPENAI: TestGatewayOptions = {
  codexConfig: (url) => `openai_base_url = "${url}"\n`,
  prepare: (home) => writeFileSync(join(home, 'auth.json'), '{"OPENAI_API_KEY":"sk-test"}', { mode: 0o600 }),
};

describe('presets', () => {
  const presets = {
    reasoningEffort: 'xhigh',
    verbosity: 'low',
    system: 'Answer in verse.',
    models: [
      { id: 'deep', model: 'gpt-6-sol', reasoningEffort: 'max', verbosity: 'high', serviceTier: 'priority' },
      { id: 'plain', model: 'gpt-5.5', system: 'Answer in prose.' },
      { id: 'gpt-6-luna', reasoningEffort: 'low' },
      { id: 'unheard-of', serviceTier: 'priority', reasoningEffort: 'odd' },
    ],
  };

  const VERSE = 'Answer in verse.';

  let shared: TestGateway;
  beforeAll(async () => {
    shared = await startTestGateway({ ...OPENAI, config: presets });
    gateway = shared;
  });
  afterAll(() => shared.close());

  it.each([
    ['deep', { model: 'gpt-6-sol', effort: 'max', verbosity: 'high', tier: 'priority', system: VERSE }],
    ['plain', { model: 'gpt-5.5', effort: 'xhigh', verbosity: 'low', system: 'Answer in prose.' }],
    ['gpt-5.5', { model: 'gpt-5.5', effort: 'xhigh', verbosity: 'low', system: VERSE }],
    ['gpt-6-luna', { model: 'gpt-6-luna', effort: 'low', verbosity: 'low', system: VERSE }],
    ['unheard-of', { model: 'unheard-of', effort: 'odd', verbosity: 'low', tier: 'priority', system: VERSE }],
  ])('apply their settings to the model %s', async (asked, { system, ...expected }) => {
    const response = await ask(asked, [
      { role: 'system', content: 'caller' },
      { role: 'user', content: 'hello' },
    ]);
    expect(await response.json()).toMatchObject({ model: asked });
    const { model, reasoning, text, service_tier: tier, tools, input } = sent().body;
    expect({ model, ...(reasoning as object), ...(text as object), tier }).toEqual({
      tier: undefined,
      summary: 'auto',
      ...expected,
    });
    expect(tools).toEqual([]);
    expect(input.map(({ role, content }) => [role, content![0]!.text])).toEqual([
      ['developer', system],
      ['developer', 'caller'],
      ['user', 'hello'],
    ]);
  });

  it('are listed with the properties of their model, and found by id', async () => {
    expect(await listed()).toEqual(
      expect.arrayContaining(['deep', 'plain', 'unheard-of', 'gpt-5.5', 'gpt-6-luna']),
    );
    expect((await listed()).filter((id) => id === 'gpt-6-luna')).toHaveLength(1);
    expect(await gateway.client.models.retrieve('deep')).toMatchObject({
      id: 'deep',
      reasoning_efforts: expect.arrayContaining(['max']),
    });
  });
});

describe('other presets', () => {
  it('are listed without their model when no catalog knows it', async () => {
    await start({ ...OPENAI, config: { models: [{ id: 'alias', model: 'gpt-new' }] } });
    const ids = await listed();
    expect([ids.includes('alias'), ids.includes('gpt-new')]).toEqual([true, false]);
    expect((await ask('alias')).status).toBe(200);
    expect(sent().body.model).toBe('gpt-new');
  });

  it('for all models apply only to models that support them', async () => {
    await start({ ...OPENAI, config: { reasoningEffort: 'max', serviceTier: 'priority' } });
    await ask('gpt-5.5');
    expect(sent().body).toMatchObject({ reasoning: { effort: 'medium' }, service_tier: 'priority' });
    await ask('gpt-6-sol');
    expect(sent().body).toMatchObject({ reasoning: { effort: 'max' } });
    await ask('gpt-daybreak-blue-latest');
    expect(sent().body['service_tier']).toBeUndefined();
  });
});
