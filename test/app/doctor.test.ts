import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startGateway } from '../../src/app/compose.ts';
import { readSettings } from '../../src/app/config.ts';
import { examine, type ExamineOptions } from '../../src/app/doctor/examine.ts';
import { userEnvironment } from '../support/command-line.ts';
import { writeFakeCodex, type FakeCodex } from '../support/fake-codex.ts';
import { scriptedProvider } from '../support/gateway.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { childrenOf } from '../support/process.ts';
import { startSilentServer } from '../support/silent-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Someone whose set-up is in order. */
function createUser() {
  const folder = temporaryFolder();
  const environment = userEnvironment(folder);
  const config = join(folder, 'config.json');
  const systemFolder = join(folder, 'etc');
  const codexConfig = join(environment.HOME!, '.codex/config.toml');
  mkdirSync(systemFolder);
  writeFileSync(config, '{"token":"the-token","port":0}', { mode: 0o600 });
  writeFileSync(codexConfig, scriptedProvider('http://127.0.0.1:9/v1'));
  return { folder, environment, config, systemFolder, codexConfig };
}

type User = ReturnType<typeof createUser>;

async function look(user: User, options: Partial<ExamineOptions> = {}) {
  const findings = await Array.fromAsync(
    examine({
      flags: { config: user.config, ...options.flags },
      environment: { ...user.environment, ...options.environment },
      nodeVersion: options.nodeVersion ?? '24.0.0',
      systemFolder: user.systemFolder,
      log: createMemoryLog(),
      signal: options.signal ?? new AbortController().signal,
    }),
  );
  return {
    good: findings.filter(({ state }) => state === 'good').map(({ subject }) => subject),
    bad: findings.filter(({ state }) => state === 'bad').map(({ subject, text }) => `${subject}: ${text}`),
  };
}

it('finds nothing where all is well', async () => {
  expect(await look(createUser())).toEqual({
    good: ['Node', 'config', 'port', 'machine', 'Codex', 'provider', 'login'],
    bad: [],
  });
  expect(childrenOf(process.pid, 'app-server')).toEqual([]);
});

it('an API key is a login, and no config file is none', async () => {
  const user = createUser();
  writeFileSync(user.codexConfig, 'openai_base_url = "http://127.0.0.1:9/v1"');
  writeFileSync(join(user.environment.HOME!, '.codex/auth.json'), '{"OPENAI_API_KEY":"sk-x"}');
  const port = { CODEX_GATEWAY_PORT: '0' };
  expect((await look(user, { flags: { config: undefined as never }, environment: port })).bad).toEqual([]);
});

it.each<[name: string, prepare: (user: User) => Partial<ExamineOptions> | void, pattern: RegExp]>([
  [
    'an old Node',
    () => ({ nodeVersion: '22.12.0' }),
    /^Node: 22\.12\.0 is too old; install Node 22\.13 or newer/,
  ],
  ['a broken config file', ({ config }) => writeFileSync(config, '{'), /^config: .* is not valid JSON/],
  [
    'a config file for everyone',
    ({ config }) => chmodSync(config, 0o644),
    /^config: others .*; run chmod 600/,
  ],
  ['a codex that is not there', () => ({ flags: { codex: '/nonexistent' } }), /^Codex: No executable codex/],
  [
    'a codex that is too old',
    ({ folder }) => ({ flags: { codex: writeFakeCodex(folder, { version: 'codex-cli 0.1.0' }) } }),
    /^Codex: codex 0\.1\.0 is too old.*Install codex/,
  ],
  [
    'a codex that does not start',
    ({ folder }) => ({ flags: { codex: writeFakeCodex(folder, { onStart: 'process.exit(1)' }) } }),
    /^Codex: codex app-server did not start/,
  ],
  [
    'a provider that is not declared',
    ({ codexConfig }) => writeFileSync(codexConfig, 'model_provider = "x"'),
    /^provider: .*'x'.*add \[model_providers\.x\]/,
  ],
  [
    'a provider without its key',
    ({ codexConfig }) =>
      writeFileSync(codexConfig, `${scriptedProvider('http://127.0.0.1:9/v1')}env_key = "THE_KEY"`),
    /^provider: the provider 'scripted' takes its key from THE_KEY, which is not set; export it/,
  ],
  [
    'a provider that is the gateway',
    ({ codexConfig }) => {
      writeFileSync(codexConfig, scriptedProvider('http://127.0.0.1:8457/v1'));
      return { flags: { port: '8457' } };
    },
    /^provider: .*which is this gateway/,
  ],
  [
    'nobody signed in',
    ({ codexConfig }) => writeFileSync(codexConfig, ''),
    /^login: Codex is not signed in; run codex-gateway login\./,
  ],
  [
    'a login in the keyring',
    ({ codexConfig }) => writeFileSync(codexConfig, 'cli_auth_credentials_store = "keyring"'),
    /^login: .*keyring of the operating system.*run codex-gateway login\./,
  ],
  ['a preset that its model cannot follow', ({ config }) => badPreset(config), /^Codex: .*'deep' asks for/],
  [
    'a machine that has its own way',
    ({ systemFolder }) => writeFileSync(join(systemFolder, 'requirements.toml'), 'enforce_residency = "us"'),
    /^machine: .*requirements\.toml: enforce_residency.*remove it there/,
  ],
])('says what to do about %s', async (_name, prepare, pattern) => {
  const user = createUser();
  const { bad } = await look(user, prepare(user) ?? {});
  expect(bad).toEqual([expect.stringMatching(pattern)]);
});

function badPreset(config: string): void {
  const models = [{ id: 'deep', model: 'gpt-5.5', reasoningEffort: 'odd' }];
  writeFileSync(config, JSON.stringify({ port: 0, models }), { mode: 0o600 });
}

it('an account that cannot be read', async () => {
  const user = createUser();
  const fake: FakeCodex = {
    onRequest: `if (line.method === 'account/read') fail(-32603, 'offline'); else start(line)`,
  };
  const { bad } = await look(user, { flags: { codex: writeFakeCodex(user.folder, fake) } });
  expect(bad).toEqual([expect.stringMatching(/^login: the account cannot be read; look whether .* online/)]);
});

it('the machine’s MCP servers, which are switched off, are no failure', async () => {
  const user = createUser();
  writeFileSync(join(user.systemFolder, 'config.toml'), '[mcp_servers.x]\ncommand = "x"');
  expect((await look(user)).bad).toEqual([]);
});

it('a port on which someone else listens', async () => {
  const server = createServer((_request, response) => response.end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const port = String((server.address() as AddressInfo).port);
  const { bad } = await look(createUser(), { flags: { port } });
  expect(bad).toEqual([
    expect.stringMatching(/^port: Port \d+ on 127\.0\.0\.1 is in use; stop what listens there/),
  ]);
});

it('what listens there and says nothing is named, and holds nobody who stops', async () => {
  const { port, asked } = await startSilentServer();
  const stop = new AbortController();
  const looking = look(createUser(), { flags: { port: String(port) }, signal: stop.signal });
  await asked;
  stop.abort(new Error('stopped'));
  await expect(looking).rejects.toThrow('stopped');
});

it('a gateway that runs is no failure, and is asked instead of another Codex', async () => {
  const user = createUser();
  const settings = await readSettings({ config: user.config }, user.environment);
  const start = { settings, environment: user.environment, log: createMemoryLog(), demo: false };
  const running = await startGateway({ ...start, systemFolder: user.systemFolder });
  onTestFinished(() => running.close(AbortSignal.abort()));
  const { port } = new URL(running.origin);
  const children = childrenOf(process.pid, 'app-server');
  const { good, bad } = await look(user, { flags: { port } });
  expect([bad, good]).toEqual([[], expect.arrayContaining(['port', 'login'])]);
  expect(childrenOf(process.pid, 'app-server')).toEqual(children);
  // One whose token is another one tells nothing.
  expect((await look(user, { flags: { port, token: 'another' } })).bad).toEqual([]);
  // The set-up has changed since it was started.
  writeFileSync(user.codexConfig, '');
  expect((await look(user, { flags: { port } })).bad).toEqual([
    "provider: the gateway that runs serves the provider 'scripted', but 'openai' is configured; start it again.",
  ]);
});
