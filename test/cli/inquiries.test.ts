import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startGateway } from '../../src/app/compose.ts';
import { readSettings } from '../../src/app/config.ts';
import { userEnvironment } from '../support/command-line.ts';
import { scriptedProvider } from '../support/gateway.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { childrenOf } from '../support/process.ts';
import { runMain } from '../support/run-main.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function createUser(codexConfig: string, config: object = {}) {
  const folder = temporaryFolder();
  const environment = userEnvironment(folder);
  writeFileSync(join(environment.HOME!, '.codex/config.toml'), codexConfig);
  mkdirSync(join(environment.HOME!, '.config/codex-gateway'), { recursive: true, mode: 0o700 });
  const path = join(environment.HOME!, '.config/codex-gateway/config.json');
  writeFileSync(path, JSON.stringify({ port: 0, token: 'the-token', ...config }), { mode: 0o600 });
  return environment;
}

const PROVIDER = scriptedProvider('http://127.0.0.1:9/v1');

it('models prints the ids of a Codex of its own where no gateway runs', async () => {
  const environment = createUser('', { models: [{ id: 'deep', model: 'gpt-5.5' }] });
  const { code, printed } = await runMain(['models'], environment);
  expect(code).toBe(0);
  expect(printed.split('\n')).toEqual(expect.arrayContaining(['deep', 'gpt-5.5', 'gpt-6-sol']));
  expect(childrenOf(process.pid, 'app-server')).toEqual([]);
});

it('models asks the gateway that runs', async () => {
  const environment = createUser(PROVIDER, { models: [{ id: 'one' }, { id: 'two' }] });
  const settings = await readSettings({}, environment);
  const running = await startGateway({ settings, environment, log: createMemoryLog(), demo: false });
  onTestFinished(() => running.close(AbortSignal.abort()));
  // The config has changed since: the gateway that runs has not.
  const other = createUser('model_provider = "broken"');
  const { port } = new URL(running.origin);
  expect(await runMain(['models', '--port', port], other)).toEqual({
    code: 0,
    printed: 'one\ntwo',
    complained: '',
  });
  expect(await runMain(['models', '--port', port, '--token', 'another'], other)).toMatchObject({
    code: 1,
    complained: expect.stringContaining('takes another token'),
  });
});

it('doctor prints a line for each thing it looks at', async () => {
  const { code, printed, complained } = await runMain(['doctor'], createUser(PROVIDER));
  expect([code, complained]).toEqual([0, '']);
  const subjects = printed.split('\n').map((line) => /^ok {3}(\S+): +\S/.exec(line)?.[1]);
  expect(subjects).toEqual(['Node', 'config', 'port', 'machine', 'Codex', 'provider', 'login']);
});

it('doctor ends with 1 where anything is wrong', async () => {
  const { code, printed, complained } = await runMain(['doctor'], createUser(''));
  expect([code, complained]).toEqual([1, 'codex-gateway: One thing is not as it should be.']);
  expect(printed).toMatch(/^BAD {2}login: +Codex is not signed in; run codex-gateway login\.$/m);
});
