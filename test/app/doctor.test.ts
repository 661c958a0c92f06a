import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startGateway } from '../../src/app/compose.ts';
import { readSettings } from '../../src/app/config/config.ts';
import { examine, type ExamineOptions } from '../../src/app/doctor/examine.ts';
import { userEnvironment } from '../support/command-line.ts';
import { writeFakeCodex, type FakeCodex } from '../support/fake-codex.ts';
import { scriptedProvider } from '../support/gateway.ts';
import { startCopilotFakes } from '../support/copilot/copilot-fakes.ts';
import { startChatgpt } from '../support/chatgpt.ts';
import { failWith, say, startUpstream } from '../support/upstream.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { childrenOf } from '../support/process.ts';
import { startSilentServer } from '../support/silent-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A provider that can be reached, and knows two models. */
const provider = createServer((request, response) => {
  requests.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`);
  response.end(JSON.stringify({ object: 'list', data: [{ id: 'gpt-5.5' }, { id: 'qwen' }] }));
});
const requests: string[] = [];
let reachable: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  reachable = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`;
});
afterAll(() => void provider.close());

/** Someone whose set-up is in order. */
function createUser() {
  const folder = temporaryFolder();
  const environment = userEnvironment(folder);
  const config = join(folder, 'config.json');
  const systemFolder = join(folder, 'etc');
  const codexConfig = join(environment.HOME!, '.codex/config.toml');
  mkdirSync(systemFolder);
  writeFileSync(config, '{"token":"the-token-of-this-test","port":0}', { mode: 0o600 });
  writeFileSync(codexConfig, scriptedProvider(reachable));
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
      observer: createMemoryLog(),
      ask: options.ask ?? false,
      signal: options.signal ?? new AbortController().signal,
    }),
  );
  return {
    texts: Object.fromEntries(findings.map(({ subject, text }) => [subject, text])),
    notes: findings.filter(({ state }) => state === 'note').map(({ subject, text }) => `${subject}: ${text}`),
    good: findings.filter(({ state }) => state === 'good').map(({ subject }) => subject),
    bad: findings.filter(({ state }) => state === 'bad').map(({ subject, text }) => `${subject}: ${text}`),
  };
}

/** The same without a Codex, which costs most of its time and has no part in the other findings. */
async function lookWithoutCodex(user: User, options: Partial<ExamineOptions> = {}) {
  const found = await look(user, { ...options, flags: { ...options.flags, codex: '/nonexistent' } });
  const bad = found.bad.filter((text) => !text.startsWith('Codex: No executable codex'));
  expect(bad).toHaveLength(found.bad.length - 1);
  return { ...found, bad };
}

it('doctor finds nothing wrong with a good set-up, asks the provider with its own key, and asks no model without --ask', async () => {
  const user = createUser();
  writeFileSync(user.codexConfig, `${scriptedProvider(reachable)}env_key = "THE_KEY"`);
  requests.length = 0;
  const found = await look(user, { environment: { THE_KEY: 'secret-key' } });
  expect(found).toMatchObject({
    good: [
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
    ],
    notes: [],
    bad: [],
  });
  expect(childrenOf(process.pid, 'app-server')).toEqual([]);
  expect(requests).toEqual(['GET /v1/models Bearer secret-key']);
  expect(found.texts.login).toBe('the provider needs no OpenAI account; its key is taken from THE_KEY');
  expect(JSON.stringify(found.texts)).not.toContain('secret-key');
});

it('doctor says how to sign in to Copilot, and asks nothing of GitHub before that', async () => {
  const fakes = await startCopilotFakes();
  onTestFinished(() => fakes.close());
  const { texts } = await lookWithoutCodex(createUser(), { environment: fakes.environment });
  expect(texts.Copilot).toMatch(
    /^nobody is signed in; `.* copilot login` adds the models of a subscription$/,
  );
  expect([fakes.github.requests, fakes.copilot.requests]).toEqual([[], []]);
});

it('doctor says who is signed in to Copilot, and what is wrong with that', async () => {
  const fakes = await startCopilotFakes();
  onTestFinished(() => fakes.close());
  const environment = { ...fakes.environment, GH_COPILOT_TOKEN: 'ghu_secret' };
  const { texts, bad } = await lookWithoutCodex(createUser(), { environment });
  expect(bad).toEqual([]);
  expect(texts.Copilot).toBe(
    `signed in by GH_COPILOT_TOKEN (mona, individual); requests are sent to ${fakes.copilot.origin}/responses`,
  );
  const wrong = await lookWithoutCodex(createUser(), {
    environment: { ...environment, GH_COPILOT_TOKEN: 'ghp_secret' },
  });
  expect(wrong.bad).toEqual([
    expect.stringMatching(/^Copilot: GitHub Copilot does not accept classic personal access tokens/),
  ]);
  expect(JSON.stringify(wrong)).not.toContain('secret');
});

it('doctor accepts an API key as a login without showing it, a missing config file, and MCP servers of the machine, which the gateway switches off', async () => {
  const user = createUser();
  writeFileSync(user.codexConfig, `openai_base_url = "${reachable}"`);
  writeFileSync(join(user.environment.HOME!, '.codex/auth.json'), '{"OPENAI_API_KEY":"sk-x"}', {
    mode: 0o600,
  });
  writeFileSync(join(user.systemFolder, 'config.toml'), '[mcp_servers.x]\ncommand = "x"');
  const port = { CODEX_GATEWAY_PORT: '0' };
  const found = await look(user, { flags: { config: undefined as never }, environment: port });
  expect([found.bad, found.notes, found.texts.login]).toEqual([[], [], 'signed in with an API key']);
  expect(JSON.stringify(found)).not.toContain('sk-x');
});

type Fault = [name: string, prepare: (user: User) => Partial<ExamineOptions> | void, ...patterns: RegExp[]];

it.each<Fault>([
  ['a broken config file', ({ config }) => writeFileSync(config, '{'), /^config: .* is not valid JSON/],
  [
    'a codex that does not exist, an old Node, and a managed machine setting that the gateway cannot follow',
    ({ systemFolder }) => {
      writeFileSync(join(systemFolder, 'requirements.toml'), 'enforce_residency = "us"');
      return { flags: { codex: '/nonexistent' }, nodeVersion: '22.12.0' };
    },
    /^Node: 22\.12\.0 is too old; install Node 22\.16 or newer/,
    /^machine: .*requirements\.toml: enforce_residency.*remove it there/,
    /^Codex: No executable codex/,
  ],
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
    ({ codexConfig }) => writeFileSync(codexConfig, `${scriptedProvider(reachable)}env_key = "THE_KEY"`),
    /^provider: the provider 'scripted' takes its key from THE_KEY, which is not set; export it/,
  ],
  [
    'a provider that refuses connections',
    ({ codexConfig }) => writeFileSync(codexConfig, scriptedProvider('http://127.0.0.1:9/v1')),
    /^network: 127\.0\.0\.1:9 refuses connections; check that it is running.*\(ECONNREFUSED\)/,
  ],
  [
    'a provider that is the gateway itself',
    ({ codexConfig }) => {
      writeFileSync(codexConfig, scriptedProvider('http://127.0.0.1:8457/v1'));
      return { flags: { port: '8457' } };
    },
    /^provider: .*which is this gateway/,
  ],
  [
    'a Codex that is not signed in, at a provider whose host name cannot be resolved',
    ({ codexConfig }) => writeFileSync(codexConfig, 'openai_base_url = "http://nobody.invalid/v1"'),
    /^login: Codex is not signed in; run `\S+ \S+codex-gateway\.js login`\./,
    /^network: the name of nobody\.invalid cannot be resolved; check that this machine is online/,
  ],
  [
    'a login in the keyring, a proxy that does not run, and an alias of a model that Codex does not know',
    ({ codexConfig, config: file }) => {
      writeConfig(file, [{ id: 'deep', model: 'gpt-0' }]);
      const config = `openai_base_url = "${reachable}"\ncli_auth_credentials_store = "keyring"`;
      writeFileSync(codexConfig, config);
      return { environment: { HTTP_PROXY: 'http://127.0.0.1:9' } };
    },
    /^login: .*keyring of the operating system.*run `\S+ \S+codex-gateway\.js login`\./,
    /^network: the proxy 127\.0\.0\.1:9 refuses connections/,
    /^models: the alias 'deep' names the model 'gpt-0', which does not exist; correct "models" in/,
  ],
  [
    'an alias of a model that a foreign provider does not list',
    ({ config }) =>
      writeConfig(config, [
        { id: 'fine', model: 'qwen' },
        { id: 'deep', model: 'gone' },
      ]),
    /^models: the alias 'deep' names the model 'gone', which does not exist/,
  ],
  [
    'a preset that its model does not support',
    ({ config }) => badPreset(config),
    /^Codex: .*'deep' asks for/,
  ],
])('doctor says what to do about %s', async (_name, prepare, ...patterns) => {
  const user = createUser();
  const { bad } = await look(user, prepare(user) ?? {});
  expect(bad).toEqual(patterns.map((pattern) => expect.stringMatching(pattern) as unknown));
});

function badPreset(config: string): void {
  writeConfig(config, [{ id: 'deep', model: 'gpt-5.5', reasoningEffort: 'odd' }]);
}

function writeConfig(config: string, models: readonly object[]): void {
  writeFileSync(config, JSON.stringify({ port: 0, models }), { mode: 0o600 });
}

it('doctor reports private files that others can read, and does not fail', async () => {
  const user = createUser();
  chmodSync(user.config, 0o644);
  const { bad, notes } = await lookWithoutCodex(user);
  expect([bad, notes]).toEqual([
    [],
    [`files: others on this machine can read ${user.config}; run chmod go-rwx on it`],
  ]);
});

it('doctor reports tokens of Copilot and GitHub and secrets of a service that others can read', async () => {
  const user = createUser();
  const tokenFile = join(user.environment.HOME!, '.copilot-tokens.json');
  writeFileSync(tokenFile, '{}', { mode: 0o644 });
  const secrets = join(user.environment.HOME!, '.config/codex-gateway/service.env');
  mkdirSync(dirname(secrets), { recursive: true, mode: 0o700 });
  writeFileSync(secrets, 'KEY=secret', { mode: 0o644 });
  const github = join(dirname(user.config), 'github-token');
  writeFileSync(github, 'ghp_secret', { mode: 0o644 });
  const tools = { github: { tokenFile: 'github-token' } };
  writeFileSync(user.config, JSON.stringify({ port: 0, copilot: { token: 'ghp_secret' }, tools }));
  chmodSync(user.config, 0o644);
  const { notes } = await lookWithoutCodex(user, {
    environment: { CODEX_GATEWAY_TOKEN: 'the-token-of-this-test' },
  });
  expect(notes).toEqual([
    `files: others on this machine can read ${tokenFile}, ${secrets}, ${github}, ${user.config}; run chmod go-rwx on them`,
  ]);
});

it('doctor reports which private files others can read and which they can change', async () => {
  const user = createUser();
  const login = join(user.environment.HOME!, '.codex/auth.json');
  writeFileSync(login, '{}');
  chmodSync(login, 0o604);
  chmodSync(user.config, 0o620);
  const { bad, notes } = await lookWithoutCodex(user);
  expect(notes).toEqual([]);
  expect(bad).toEqual([
    `files: Others on this machine can change the config file ${user.config}; run \`chmod go-w ${user.config}\`. ` +
      `Also, others on this machine can read ${login}, and change ${user.config}; run chmod go-rwx on them`,
  ]);
});

it('doctor fails for a state folder that others can change, with which no gateway starts', async () => {
  const user = createUser();
  const state = join(user.environment.HOME!, '.local/state/codex-gateway');
  mkdirSync(state, { recursive: true });
  chmodSync(state, 0o720);
  const { bad } = await lookWithoutCodex(user);
  expect(bad).toEqual([
    expect.stringContaining(`Others on this machine can change the state folder ${state}; run \`chmod go-w`),
  ]);
});

it('doctor fails for a token that is easy to guess, with which no gateway starts', async () => {
  const user = createUser();
  writeFileSync(user.config, '{"token":"passwordpassword","port":0}');
  const { bad } = await lookWithoutCodex(user);
  expect(bad).toEqual([
    expect.stringMatching(/^config: The token of the config file is one that many people use/),
  ]);
});

it.each([
  [0o644, []],
  [0o666, [expect.stringContaining('files: Others on this machine can change the config file')]],
])(
  'doctor checks whether others can change a config file without a token: mode %o',
  async (mode, expected) => {
    const user = createUser();
    writeFileSync(user.config, '{"port":0}');
    chmodSync(user.config, mode);
    const { bad } = await lookWithoutCodex(user, {
      environment: { CODEX_GATEWAY_TOKEN: 'the-token-of-this-test' },
    });
    expect(bad).toEqual(expected);
  },
);

it('doctor notes another program at the other address of localhost', async () => {
  const user = createUser();
  const other = createServer().listen(0, '::1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  writeFileSync(user.config, JSON.stringify({ token: 'the-token-of-this-test', port }));
  const { notes } = await lookWithoutCodex(user);
  expect(notes).toEqual([expect.stringContaining(`but another program listens on [::1]:${port}`)]);
});

it('doctor reports an untrusted TLS certificate, trusts those of SSL_CERT_FILE, and uses no proxy for a host of NO_PROXY', async () => {
  const chatgpt = await startChatgpt((response) => void response.end());
  onTestFinished(() => chatgpt.close());
  const user = createUser();
  writeFileSync(user.codexConfig, scriptedProvider(chatgpt.baseUrl));
  expect((await look(user)).bad).toEqual([
    expect.stringMatching(
      /^network: the TLS certificate of localhost:\d+ is not trusted; .*SSL_CERT_FILE \(/,
    ),
  ]);
  const certificate = join(user.folder, 'certificate.pem');
  writeFileSync(certificate, chatgpt.certificate);
  // A proxy that does not run is not asked.
  const proxy = { HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: 'localhost' };
  const { bad, texts } = await look(user, { environment: { SSL_CERT_FILE: certificate, ...proxy } });
  expect([bad, texts.network]).toEqual([[], expect.stringMatching(/^https:\/\/localhost:\d+ answers$/)]);
});

it('doctor connects through the proxy that Codex uses and names it', async () => {
  const seen: string[] = [];
  const proxy = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.end('{}');
  });
  proxy.on('connect', (request, socket) => {
    seen.push(`${request.method} ${request.url}`);
    // Codex that is stopped resets its connection.
    socket.on('error', () => {});
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  const address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const user = createUser();
  const environment = { HTTP_PROXY: `http://${address}`, HTTPS_PROXY: address };
  const { texts } = await look(user, { environment });
  expect(texts.network).toBe(`${new URL(reachable).origin} answers through the proxy ${address}`);
  writeFileSync(user.codexConfig, scriptedProvider('https://models.example/v1'));
  expect((await look(user, { environment })).bad).toEqual([
    `network: the proxy ${address} refuses to connect to models.example (HTTP 403).`,
  ]);
  // Codex itself is given an address that leads nowhere.
  const asked = seen.filter((line) => !line.endsWith(':0'));
  expect(asked).toEqual([`GET ${reachable}/models`, 'CONNECT models.example:443']);
});

it('doctor runs one short turn with --ask and reports its outcome', async () => {
  const upstream = await startUpstream();
  onTestFinished(() => upstream.close());
  upstream.use(say('OK'));
  const user = createUser();
  writeFileSync(user.codexConfig, `model = "gpt-5.5"\n${scriptedProvider(upstream.baseUrl)}`);
  expect((await look(user, { ask: true })).texts.answer).toMatch(/^gpt-5\.5 answered after \d+\.\d s$/);
  upstream.use(failWith(403, 'no_access'));
  expect((await look(user, { ask: true })).bad).toContainEqual(
    expect.stringMatching(/^answer: .*refused access \(HTTP 403\)/),
  );
});

it('doctor reports an account that cannot be read', async () => {
  const user = createUser();
  const fake: FakeCodex = {
    onRequest: `if (line.method === 'account/read') fail(-32603, 'offline'); else start(line)`,
  };
  const { bad } = await look(user, { flags: { codex: writeFakeCodex(user.folder, fake) } });
  expect(bad).toEqual([expect.stringMatching(/^login: the account cannot be read; check that .* online/)]);
});

it('doctor reports a port that another server listens on', async () => {
  const server = createServer((_request, response) => response.end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const port = String((server.address() as AddressInfo).port);
  const { bad } = await lookWithoutCodex(createUser(), { flags: { port } });
  expect(bad).toEqual([
    expect.stringMatching(/^port: Port \d+ on 127\.0\.0\.1 is in use; stop what listens there/),
  ]);
});

it('doctor can be stopped while it waits for a silent server on its port', async () => {
  const { port, asked } = await startSilentServer();
  const stop = new AbortController();
  const looking = look(createUser(), { flags: { port: String(port) }, signal: stop.signal });
  await asked;
  stop.abort(new Error('stopped'));
  await expect(looking).rejects.toThrow('stopped');
});

it('doctor asks a running gateway instead of starting another Codex, and reports its differences', async () => {
  const user = createUser();
  const settings = await readSettings({ config: user.config }, user.environment);
  const start = { settings, environment: user.environment, observer: createMemoryLog(), demo: false };
  const running = await startGateway({ ...start, systemFolder: user.systemFolder });
  onTestFinished(() => running.close(AbortSignal.abort()));
  const { port } = new URL(running.origin);
  const children = childrenOf(process.pid, 'app-server');
  const { good, bad } = await look(user, { flags: { port } });
  expect([bad, good]).toEqual([[], expect.arrayContaining(['port', 'login'])]);
  expect(childrenOf(process.pid, 'app-server')).toEqual(children);
  // One whose token is another one tells nothing.
  expect((await look(user, { flags: { port, token: 'another' } })).bad).toEqual([
    expect.stringMatching(
      /^port: .*takes another token than the configured one; pass its token with --token/,
    ),
  ]);
  // The set-up has changed since it was started.
  writeFileSync(user.codexConfig, '');
  expect((await look(user, { flags: { port } })).bad).toEqual([
    "provider: the running gateway serves the provider 'scripted', but 'openai' is configured; restart it.",
  ]);
});
