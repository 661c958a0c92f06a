import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startGateway } from '../../src/app/compose.ts';
import { readSettings } from '../../src/app/config/config.ts';
import { COPILOT_TOKEN, startCopilotFakes } from '../support/copilot/copilot-fakes.ts';
import { userEnvironment } from '../support/command-line.ts';
import { scriptedProvider } from '../support/gateway.ts';
import { useKeptDatabases } from '../support/kept-databases.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { childrenOf } from '../support/process.ts';
import { runMain } from '../support/run-main.ts';
import { startHttpServer } from '../support/start-http-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startUpstream } from '../support/upstream.ts';

async function createUser(codexConfig: string, config: object = {}) {
  const folder = temporaryFolder();
  const environment = userEnvironment(folder);
  writeFileSync(join(environment.HOME!, '.codex/config.toml'), codexConfig);
  mkdirSync(join(environment.HOME!, '.config/codex-gateway'), { recursive: true, mode: 0o700 });
  const path = join(environment.HOME!, '.config/codex-gateway/config.json');
  writeFileSync(path, JSON.stringify({ port: 0, token: 'the-token-of-this-test', ...config }), {
    mode: 0o600,
  });
  await useKeptDatabases(join(environment.HOME!, '.local/state/codex-gateway'));
  return environment;
}

const PROVIDER = scriptedProvider('http://127.0.0.1:9/v1');

it('models lists each model with its details through its own Codex when no gateway runs', async () => {
  const environment = await createUser('model = "gpt-6-sol"', { models: [{ id: 'deep', model: 'gpt-5.5' }] });
  const { code, printed } = await runMain(['models'], environment);
  expect(code).toBe(0);
  const lines = printed.split('\n').map((line) => line.split(/ {2,}/));
  expect(lines).toEqual(
    expect.arrayContaining([
      ['deep', '272,000', 'low [medium] high xhigh', 'asks gpt-5.5'],
      ['gpt-5.5', '272,000', 'low [medium] high xhigh'],
      ['gpt-6-sol', '272,000', 'low [medium] high xhigh max', 'default'],
    ]),
  );
  expect(printed).not.toContain('codex-auto-review');
  expect(childrenOf(process.pid, 'app-server')).toEqual([]);
});

it('models marks the effort that the config sets for a model or for all as its default', async () => {
  const environment = await createUser('model = "gpt-6-sol"', {
    reasoningEffort: 'low',
    models: [
      { id: 'deep', model: 'gpt-6-sol', reasoningEffort: 'xhigh' },
      { id: 'unheard-of', reasoningEffort: 'high' },
    ],
  });
  const { printed } = await runMain(['models'], environment);
  const efforts = printed.split('\n').map((line) => [line.split(/ {2,}/)[0], line.split(/ {2,}/)[2]]);
  expect(Object.fromEntries(efforts)).toMatchObject({
    deep: 'low medium high [xhigh] max',
    'gpt-6-sol': '[low] medium high xhigh max',
    'unheard-of': '[high]',
  });
});

it('models asks the running gateway', async () => {
  const environment = await createUser(PROVIDER, { models: [{ id: 'one' }, { id: 'two' }] });
  const settings = await readSettings({}, environment);
  const running = await startGateway({ settings, environment, observer: createMemoryLog(), demo: false });
  onTestFinished(() => running.close(AbortSignal.abort()));
  // The config has changed since: the gateway that runs has not.
  const XDG_STATE_HOME = join(environment.HOME!, '.local/state');
  const other = { ...(await createUser('model_provider = "broken"')), XDG_STATE_HOME };
  const { port } = new URL(running.origin);
  expect(await runMain(['models', '--port', port], other)).toEqual({
    code: 0,
    printed: [
      'MODEL  CONTEXT  EFFORTS (default in [ ])',
      'one    -        -                         default',
      'two    -        -',
    ].join('\n'),
    complained: '',
  });
  const { printed } = await runMain(['models', '--json', '--all', '--port', port], other);
  expect(JSON.parse(printed)).toContainEqual(expect.objectContaining({ id: 'two', owned_by: 'scripted' }));
  expect(await runMain(['models', '--port', port, '--token', 'another'], other)).toMatchObject({
    code: 1,
    complained: expect.stringContaining('takes another token'),
  });
});

it('models, usage, doctor and show send the token to no program that only answers like a gateway', async () => {
  const asked: string[] = [];
  const { origin } = await startHttpServer(({ url, headers }, response) => {
    asked.push(`${url} ${headers.authorization ?? 'without a token'}`);
    response.end('{"status":"ok","service":"codex-gateway"}');
  });
  const { port } = new URL(origin);
  const environment = await createUser(PROVIDER);
  for (const words of [['models'], ['usage'], ['doctor', '--codex', '/nonexistent']]) {
    const { code, printed, complained } = await runMain([...words, '--port', port], environment);
    expect([code, printed + complained]).toEqual([
      1,
      expect.stringContaining(`No gateway of yours runs on port ${port}, and another program answers there`),
    ]);
  }
  expect((await runMain(['show', '--port', port], environment)).code).toBe(0);
  expect(asked).toEqual(Array.from({ length: 4 }, () => '/healthz without a token'));
});

it('doctor prints a line for each thing it checks', async () => {
  const upstream = await startUpstream();
  onTestFinished(() => upstream.close());
  const environment = await createUser(scriptedProvider(upstream.baseUrl));
  const { code, printed, complained } = await runMain(['doctor'], environment);
  expect([code, complained]).toEqual([0, '']);
  const subjects = printed.split('\n').map((line) => /^(?:ok|note) +(\S+): +\S/.exec(line)?.[1]);
  expect(subjects).toEqual([
    'Node',
    'config',
    'port',
    'machine',
    'Codex',
    'provider',
    'login',
    'network',
    'models',
    'Copilot',
    'tools',
    'files',
    'disk',
  ]);
});

it('doctor exits with 1 when something is wrong', async () => {
  const upstream = await startUpstream();
  onTestFinished(() => upstream.close());
  const environment = await createUser(`openai_base_url = "${upstream.baseUrl}"`);
  const { code, printed, complained } = await runMain(['doctor'], environment);
  expect([code, complained]).toEqual([1, 'codex-gateway: 1 problem found.']);
  expect(printed).toMatch(/^BAD {2}login: +Codex is not signed in; run `\S+ \S+codex-gateway\.js login`\.$/m);
});

it('doctor is content with a login of Copilot if Codex has none', async () => {
  const upstream = await startUpstream();
  const fakes = await startCopilotFakes();
  onTestFinished(async () => {
    await upstream.close();
    await fakes.close();
  });
  const environment = {
    ...(await createUser(`openai_base_url = "${upstream.baseUrl}"`)),
    ...fakes.environment,
    COPILOT_BEARER_TOKEN: COPILOT_TOKEN,
  };
  const { code, printed } = await runMain(['doctor'], environment);
  expect(printed).toMatch(
    /^note login: +Codex is not signed in: only models of GitHub Copilot answer until you run `\S+ \S+ login`$/m,
  );
  expect(code).toBe(0);
});

it('models lists those of Copilot as well, with their aliases', async () => {
  const fakes = await startCopilotFakes();
  onTestFinished(fakes.close);
  const environment = {
    ...(await createUser('', { models: [{ id: 'fast', model: 'copilot/gpt-5.5' }] })),
    ...fakes.environment,
    COPILOT_BEARER_TOKEN: COPILOT_TOKEN,
  };
  const { printed } = await runMain(['models'], environment);
  expect(printed).toMatch(/^copilot\/gpt-5\.5 +400,000 +low medium high/m);
  expect(printed).toMatch(/^fast .* asks copilot\/gpt-5\.5$/m);
});

it('show, init and the start name the model that Codex is configured with', async () => {
  const environment = await createUser(`model = "gpt-6-sol"\n${PROVIDER}`);
  const settings = await readSettings({}, environment);
  const { printed: shown } = await runMain(['show'], environment);
  const { printed: written } = await runMain(['init', '--force'], environment);
  const running = await startGateway({ settings, environment, observer: createMemoryLog(), demo: false });
  onTestFinished(() => running.close(AbortSignal.abort()));
  const { printed: found } = await runMain(['show', '--token', 'the-token-of-this-test'], environment);
  expect([running.model, running.modelsAreGuessed]).toEqual(['gpt-6-sol', true]);
  for (const printed of [shown, written, found]) expect(printed).toContain('\nModel:    gpt-6-sol\n');
});

it('models --all also prints hidden models, and show names the account’s default model when Codex is configured with none', async () => {
  const environment = await createUser('');
  const { printed } = await runMain(['show'], environment);
  const { printed: models } = await runMain(['models', '--all'], environment);
  expect(models).toMatch(/^codex-auto-review .* hidden$/m);
  expect(models).toMatch(new RegExp(`^${/^Model: +(\S+)$/m.exec(printed)![1]} .* default$`, 'm'));
});

it('the start reports an alias of a model that does not exist, and waits for no models of Copilot to do so', async () => {
  const models = [
    { id: 'deep', model: 'gpt-0' },
    { id: 'fine', model: 'gpt-5.5' },
    { id: 'own-model' },
    { id: 'fast', model: 'copilot/gpt-5.5' },
  ];
  const environment = await createUser('', { models });
  const settings = await readSettings({}, environment);
  const running = await startGateway({ settings, environment, observer: createMemoryLog(), demo: false });
  onTestFinished(() => running.close(AbortSignal.abort()));
  expect(running.missingTargets).toEqual([{ id: 'deep', model: 'gpt-0' }]);
});
