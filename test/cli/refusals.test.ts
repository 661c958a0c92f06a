import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startGateway } from '../../src/app/compose.ts';
import { readSettings } from '../../src/app/config/config.ts';
import { userEnvironment } from '../support/command-line.ts';
import { writeFakeCodex, type FakeCodex } from '../support/fake-codex.ts';
import { scriptedProvider } from '../support/gateway.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { until } from '../support/process.ts';
import { runMain } from '../support/run-main.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Starts a server that must not come up: one line that says why, and nothing left behind. */
async function expectRefusal(args: readonly string[], environment: Record<string, string>, pattern: RegExp) {
  const outcome = await runMain(['--port', '0', ...args], environment);
  expect(outcome).toEqual({
    code: 1,
    printed: '',
    complained: expect.stringMatching(/^codex-gateway: [^\n]*$/),
  });
  expect(outcome.complained).toMatch(pattern);
}

const refused: [name: string, args: string[], pattern: RegExp][] = [
  ['a host that is not a loopback address', ['--host', '0.0.0.0'], /'0\.0\.0\.0' is not a loopback address/],
  [
    'a host for other machines without a token of its own',
    ['--host', '0.0.0.0', '--allow-remote'],
    /--allow-remote needs a token that you have chosen/,
  ],
  ['a port that is not a number', ['--port', '80x'], /--port is '80x'/],
  ['a port too high', ['--port', '70000'], /--port is '70000'/],
  ['an OpenAI key as the token', ['--token', 'sk-abc'], /looks like an OpenAI API key/],
  ['an empty token', ['--token', ''], /token of --token is empty/],
  ['a token with a space', ['--token', 'a b'], /white space/],
  ['both a token and a token file', ['--token', 'a', '--token-file', 'b'], /not both/],
  ['a missing token file', ['--token-file', '/nonexistent'], /token file \/nonexistent cannot be read/],
  [
    'a missing config file',
    ['--config', '/nonexistent.json'],
    /config file \/nonexistent\.json cannot be read/,
  ],
  ['an unknown log level', ['--log-level', 'loud'], /--log-level is 'loud'/],
  [
    'a codex that does not exist',
    ['--codex', '/nonexistent/codex'],
    /No executable codex at '\/nonexistent\/codex'/,
  ],
  ['a codex that is not on PATH', ['--codex', 'no-such-codex'], /No executable codex at 'no-such-codex'/],
  ['a program that is not codex', ['--codex', '/bin/true'], /does not print the version of a codex/],
];

it.each(refused)('the start refuses %s', async (_name, args, pattern) => {
  await expectRefusal(args, userEnvironment(temporaryFolder()), pattern);
});

it.each([
  ['CODEX_CODE_ROUTER_RAW_LOG_LEVEL', 'loud'],
  ['RATE_LIMIT_MAX_TOTAL_WAIT_MS', 'a minute'],
  ['COPILOT_TOKEN_REFRESH', 'maybe'],
  ['REQUEST_BODY_LIMIT_BYTES', '-1'],
])('the start refuses a wrong %s, which it names, also for `copilot serve`', async (name, value) => {
  const environment = { ...userEnvironment(temporaryFolder()), [name]: value };
  const words = new RegExp(`: ${name} is '${value}', but it has to be `);
  await expectRefusal([], environment, words);
  await expectRefusal(['copilot', 'serve'], environment, words);
});

describe('a config file', () => {
  it.each([
    ['invalid JSON', '{', /not valid JSON at line 1, column 2: the text ends too early/],
    ['a trailing comma', '{\n  "port": 1,\n}', /at line 3, column 1: remove the ',' before this '}'\.$/m],
    ['an unknown key', '{"hots":"::1"}', /unknown key 'hots'\. Did you mean 'host'\?/],
    ['a key in another style', '{"log-level":"info"}', /unknown key 'log-level'\. Did you mean 'logLevel'\?/],
    ['an unknown key that resembles no other', '{"xyz":1}', /unknown key 'xyz'\.$/m],
    ['an unknown deadline', '{"deadlines":{"ttl":1}}', /unknown key 'deadlines\.ttl'/],
    [
      'a misspelt deadline',
      '{"deadlines":{"firstbyt":1}}',
      /'deadlines\.firstbyt'\. Did you mean 'firstByte'\?/,
    ],
    [
      'a misspelt key of a model',
      '{"models":[{"id":"a","modle":"b"}]}',
      /'models\[0\]\.modle'\. Did you mean 'model'\?/,
    ],
    ['a misspelt key of the store', '{"store":{"day":1}}', /'store\.day'\. Did you mean 'days'\?/],
    ['a port of the wrong type', '{"port":"8000"}', /'port': expected number/],
    ['an empty token', '{"token":""}', /'token'/],
    ['an OpenAI key as the token', '{"token":"sk-abc"}', /looks like an OpenAI API key/],
    ['a deadline of zero', '{"deadlines":{"idle":0}}', /'deadlines\.idle'/],
    ['a host that is not a loopback address', '{"host":"0.0.0.0"}', /not a loopback address/],
    [
      'an undeclared provider',
      '{"provider":"x"}',
      /The gateway's config selects the provider 'x', which \/.*\/\.codex\/config\.toml does not declare/,
    ],
    [
      'Bedrock as the provider',
      '{"provider":"amazon-bedrock-runtime"}',
      /gateway's config selects 'amazon-bedrock-runtime'/,
    ],
    [
      'the same model id twice',
      '{"models":[{"id":"a"},{"id":"a"}]}',
      /'models': two entries have the id 'a'\./,
    ],
    ['a model without an id', '{"models":[{"model":"a"}]}', /'models\[0\]\.id'/],
    [
      'an alias of an alias',
      '{"models":[{"id":"a","model":"b"},{"id":"b","model":"c"}]}',
      /'models': 'a' points to 'b', which is itself an alias; name the real model\./,
    ],
    ['a URL as an image host', '{"imageHosts":["http://a"]}', /'imageHosts\[0\]': expected a host name/],
    ['a pattern as an image host', '{"imageHosts":["*.lan"]}', /'imageHosts\[0\]': expected a host name/],
    [
      'an image host that no URL can have',
      '{"imageHosts":["a|b"]}',
      /'imageHosts\[0\]': expected a host name/,
    ],
    ['an image host with a query', '{"imageHosts":["a?b"]}', /'imageHosts\[0\]': expected a host name/],
    [
      'a URL as an allowed host',
      '{"allowedHosts":["http://a"]}',
      /'allowedHosts\[0\]': expected a host name/,
    ],
    ['a pattern as an allowed host', '{"allowedHosts":["*"]}', /'allowedHosts\[0\]': expected a host name/],
    [
      'all web pages as origins',
      '{"allowedOrigins":["https://*"]}',
      /'allowedOrigins\[0\]': expected an origin/,
    ],
    ['a host as an origin', '{"allowedOrigins":["a.example"]}', /'allowedOrigins\[0\]': expected an origin/],
    [
      'a path in an origin',
      '{"allowedOrigins":["https://a/b"]}',
      /'allowedOrigins\[0\]': expected an origin/,
    ],
    ['a name as a proxy', '{"trustedProxies":["a"]}', /'trustedProxies\[0\]': expected an address/],
    ['a network that is too small', '{"trustedProxies":["10.0.0.0/33"]}', /'trustedProxies\[0\]'/],
    ['an image host with a port', '{"imageHosts":["a:80"]}', /'imageHosts\[0\]': expected a host name/],
    [
      'an unknown verbosity',
      '{"verbosity":"loud"}',
      /'verbosity': expected one of "low", "medium", "high"\.$/m,
    ],
  ])('is refused when it has %s', async (_name, config, pattern) => {
    const environment = userEnvironment(temporaryFolder());
    mkdirSync(join(environment.HOME!, '.config/codex-gateway'), { recursive: true });
    writeFileSync(join(environment.HOME!, '.config/codex-gateway/config.json'), config);
    await expectRefusal([], environment, pattern);
  });
});

it('the start refuses a port in use', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await until(() => server.listening);
  const { port } = server.address() as AddressInfo;
  await expectRefusal(['--port', String(port)], userEnvironment(temporaryFolder()), /in use.*--port/);
});

it('the start names the user’s own gateway, and since when it has run, when it holds the port', async () => {
  const environment = userEnvironment(temporaryFolder());
  const settings = await readSettings({ port: '0', token: 'the-token-of-this-test' }, environment);
  const options = { settings, environment, observer: createMemoryLog(), demo: true };
  const running = await startGateway(options);
  onTestFinished(() => running.close(AbortSignal.abort()));
  const { port } = new URL(running.origin);
  const taken = new RegExp(
    `Port ${port} is taken by your codex-gateway, which has been running since [\\d-]+ \\d\\d:\\d\\d \\(process ${process.pid}\\)`,
  );
  await expectRefusal(['--demo', '--port', port], environment, taken);
  const stranger = userEnvironment(temporaryFolder());
  await expectRefusal(
    ['--demo', '--port', port],
    stranger,
    /is taken by a codex-gateway that was started with another/,
  );
});

it('the start and init refuse a home in which no folder can be made', async () => {
  const environment = { ...userEnvironment(temporaryFolder()), HOME: '/proc/nonexistent' };
  await expectRefusal(
    [],
    environment,
    /The folder \/proc\/nonexistent.* cannot be made \(ENOENT\): check what is at/,
  );
  const config = '/proc/nonexistent/config.json';
  const init = await runMain(['init', '--config', config], environment);
  expect(init).toMatchObject({
    code: 1,
    complained: expect.stringMatching(/The folder \/proc.* cannot be made/),
  });
});

describe('a codex', () => {
  const fakes: [name: string, fake: FakeCodex, pattern: RegExp][] = [
    ['is too old', { version: 'codex-cli 0.157.1' }, /codex 0\.157\.1 is too old/],
    ['does not list its models', { models: 'no models' }, /does not list its models/],
    [
      'ends at once',
      { onStart: `console.error('Error: no room'); process.exit(1);` },
      /did not start: no room/,
    ],
    [
      'prints garbage',
      { onStart: `console.log('Welcome to codex!');` },
      /output of codex app-server is not JSON-RPC/,
    ],
    ['ends without output', { onStart: 'process.exit(1);' }, /did not start: .*ended before it answered/],
    [
      'lacks a method',
      { onStart: `METHODS.splice(METHODS.indexOf('thread/inject_items'), 1);` },
      /lacks the app-server method thread\/inject_items/,
    ],
    [
      'refuses to be initialized',
      { onRequest: `fail(-32600, 'experimental API is off')` },
      /did not start: experimental API is off/,
    ],
  ];

  it.each(fakes)('is refused when it %s', async (_name, fake, pattern) => {
    const folder = temporaryFolder();
    const codex = writeFakeCodex(folder, fake);
    const environment = userEnvironment(folder);
    await expectRefusal(['--codex', codex], environment, pattern);
    const homes = join(environment.HOME!, '.local/state/codex-gateway/homes');
    expect(existsSync(homes) ? readdirSync(homes) : []).toEqual([]);
  });
});

describe('a codex that prints endlessly and ignores signals', () => {
  /** Prints as fast as it is read, and notes how many bytes that were. */
  const flood = (notes: string, text: string) => `
    const { writeFileSync } = require('node:fs');
    for (const name of ['SIGTERM', 'SIGINT']) process.on(name, () => {});
    let bytes = 0;
    const write = (error) => {
      // Its output is closed; the signal that it gets then cannot be ignored.
      if (error) return setInterval(() => {}, 1000);
      bytes += 100_000;
      writeFileSync(${JSON.stringify(notes)}, String(bytes));
      process.stdout.write(${JSON.stringify(text)}.repeat(100_000 / ${text.length}), write);
    };
    write();
  `;

  it.each([
    ['instead of its version', '--version', 'x', /does not print the version of a codex/],
    ['instead of its models', 'debug', 'x', /does not list its models/],
    [
      'lines as its app-server',
      'app-server',
      'yes\n\n\n\n\n\n\n',
      /output of codex app-server is not JSON-RPC/,
    ],
  ])('is refused and killed when it prints %s', async (_name, command, text, pattern) => {
    const folder = temporaryFolder();
    const notes = join(folder, 'notes');
    const path = writeFakeCodex(folder, {});
    const [first, ...rest] = readFileSync(path, 'utf8').split('\n');
    const script = `if (process.argv[2] === '${command}') {${flood(notes, text)}} else {${rest.join('\n')}}`;
    writeFileSync(path, `${first}\n${script}`);
    await expectRefusal(['--codex', path], userEnvironment(folder), pattern);
    // What is read, and what the pipe holds; one that is not ended prints gigabytes.
    expect(Number(readFileSync(notes, 'utf8'))).toBeLessThan(100_000_000);
    expect(execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' })).not.toContain(path);
  });
});

it('the start refuses a silent codex behind a script within its time limit', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'codex');
  writeFileSync(path, '#!/bin/sh\nsleep 1000\n', { mode: 0o755 });
  const start = performance.now();
  await expectRefusal(['--codex', path], userEnvironment(folder), /does not print the version of a codex/);
  expect(performance.now() - start).toBeLessThan(100_000);
});

it('the start refuses a CODEX_HOME that does not exist', async () => {
  const environment = { ...userEnvironment(temporaryFolder()), CODEX_HOME: '/nonexistent' };
  await expectRefusal([], environment, /CODEX_HOME points to '\/nonexistent'/);
});

describe('Codex’s config.toml', () => {
  it.each([
    ['broken TOML', 'model = ', /config\.toml cannot be used/],
    ['a value of the wrong type', 'model = 5', /config\.toml cannot be used: model: /],
    [
      'an undeclared provider',
      'model_provider = "x"',
      /'x', which \/.*\/\.codex\/config\.toml does not declare/,
    ],
    [
      'a provider without an address',
      'model_provider = "x"\n[model_providers.x]\nname = "x"',
      /'x' has no base_url.*add one/,
    ],
    ['Bedrock', 'model_provider = "amazon-bedrock"', /config\.toml selects 'amazon-bedrock', .*retries/],
    [
      'a provider with a login bound to its own home',
      'model_provider = "x"\n[model_providers.x]\nbase_url = "https://x.test"\n' +
        '[model_providers.x.gateway_oauth]\nauthorization_url = "https://x.test"',
      /'x' uses gateway_oauth/,
    ],
    [
      'the gateway itself as the provider',
      scriptedProvider('http://localhost:8456/v1'),
      /which is this gateway/,
    ],
  ])('is refused when it has %s', async (_name, toml, pattern) => {
    const environment = userEnvironment(temporaryFolder());
    writeFileSync(join(environment.HOME!, '.codex/config.toml'), toml);
    await expectRefusal(['--port', '8456'], environment, pattern);
  });
});

it('the start refuses the gateway’s own token as the provider’s key', async () => {
  const environment: Record<string, string> = userEnvironment(temporaryFolder());
  environment.OPENAI_API_KEY = 'the-token-of-this-test';
  const config = `${scriptedProvider('http://127.0.0.1:9/v1')}env_key = "OPENAI_API_KEY"`;
  writeFileSync(join(environment.HOME!, '.codex/config.toml'), config);
  await expectRefusal(
    ['--token', 'the-token-of-this-test'],
    environment,
    /OPENAI_API_KEY holds the gateway's own token/,
  );
});

it('the start refuses the effort ultra, which needs Codex’s own agents', async () => {
  const folder = temporaryFolder();
  const config = join(folder, 'config.json');
  writeFileSync(config, '{"models":[{"id":"deep","model":"gpt-6-sol","reasoningEffort":"ultra"}]}');
  await expectRefusal(['--config', config], userEnvironment(folder), /'ultra', but gpt-6-sol knows: .*max\./);
});

it.each([
  [
    'a reasoning effort that its model does not support',
    { id: 'deep', model: 'gpt-5.5', reasoningEffort: 'max' },
    /'deep' asks for the reasoningEffort 'max', but gpt-5\.5 knows: low, medium, high, xhigh/,
  ],
  [
    'a service tier that its model does not support',
    { id: 'quick', model: 'gpt-daybreak-blue-latest', serviceTier: 'priority' },
    /'quick' asks for the serviceTier 'priority', which gpt-daybreak-blue-latest does not have/,
  ],
])('the start refuses a preset with %s', async (_name, preset, pattern) => {
  const folder = temporaryFolder();
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify({ models: [preset] }));
  await expectRefusal(['--config', config], userEnvironment(folder), pattern);
});
