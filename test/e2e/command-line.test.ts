import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { chatgptLogin } from '../support/chatgpt.ts';
import {
  runCommand,
  spawnCommand,
  startServer,
  userEnvironment,
  type Server,
} from '../support/command-line.ts';
import { writeFakeCodex } from '../support/fake-codex.ts';
import { childrenOf, isAlive, until } from '../support/process.ts';
import { runMain, type Outcome } from '../support/run-main.ts';
import { startSilentServer } from '../support/silent-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { scriptedProvider } from '../support/gateway.ts';
import { expectGoodStream } from '../support/stream-checker.ts';
import { sendCompleted, startMessage, startUpstream } from '../support/upstream.ts';

const BUILT = new URL('../../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(BUILT, 'utf8')) as { version: string };

describe('the set-up commands', () => {
  it('print the version and the help', async () => {
    const environment = userEnvironment(temporaryFolder());
    expect(await runCommand(['--version'], environment)).toEqual({
      code: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
    const help = await runMain(['--help'], environment);
    for (const word of ['init', 'show', 'token', 'env', '--host', '--token-file', '--demo']) {
      expect(help.printed).toContain(word);
    }
  });

  it('init writes a private config once, and show, token and env print it', async () => {
    const environment = userEnvironment(temporaryFolder());
    const init = await runMain(['init'], environment);
    expect(init.code).toBe(0);
    const folder = join(environment.HOME!, '.config/codex-gateway');
    const path = join(folder, 'config.json');
    expect([statSync(folder).mode & 0o777, statSync(path).mode & 0o777]).toEqual([0o700, 0o600]);
    expect(readdirSync(folder)).toEqual(['config.json']);

    const { token } = JSON.parse(readFileSync(path, 'utf8')) as { token: string };
    // 43 characters of base64url hold 256 bits.
    expect(token).toMatch(/^codex-gateway-local-[\w-]{43}$/);
    expect(init.printed).toContain(token);
    expect((await runMain(['token'], environment)).printed).toBe(token);
    expect((await runMain(['show'], environment)).printed).toContain(`api_key="${token}"`);

    expectOneLine(await runMain(['init'], environment), /exists already.*--force/);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ token });
    await runMain(['init', '--force'], environment);
    expect((JSON.parse(readFileSync(path, 'utf8')) as { token: string }).token).not.toBe(token);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('env prints exports that a shell accepts for any token', async () => {
    const environment = { ...userEnvironment(temporaryFolder()), CODEX_GATEWAY_TOKEN: `a'b"$(id)\`x\`` };
    const { stdout } = await runCommand(['env', '--port', '9000'], environment);
    const shell = `${stdout}\nprintf '%s|%s|%s' "$OPENAI_API_KEY" "$OPENAI_BASE_URL" "$CODEX_GATEWAY_PORT"`;
    const seen = execFileSync('/bin/sh', ['-c', shell], { encoding: 'utf8' });
    expect(seen).toBe(`${environment.CODEX_GATEWAY_TOKEN}|http://127.0.0.1:9000/v1|9000`);
  });

  it.each(['show', 'token', 'env'])('%s says what to do when there is no token', async (command) => {
    expectOneLine(await runMain([command], userEnvironment(temporaryFolder())), /run `\S+ \S+\.js init`/);
  });

  it('print one line on a Node that is too old', () => {
    const script = readFileSync(new URL('../../bin/codex-gateway.js', import.meta.url), 'utf8');
    const old = `Object.defineProperty(process.versions, 'node', { value: '20.11.0' });\n${script.replace(/^#!.*/, '')}`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', old], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, 'codex-gateway needs Node 22.16 or newer; this is Node 20.11.0.\n']);
  });
});

/** One line, an exit code, and no stack. */
function expectOneLine({ code, printed, complained }: Outcome, pattern: RegExp): void {
  expect({ code, printed }).toEqual({ code: 1, printed: '' });
  expect(complained.trimEnd().split('\n')).toEqual([expect.stringMatching(pattern)]);
  expect(complained).not.toMatch(/\bat .*:\d+:\d+/);
}

describe('a start that fails', () => {
  it('names an unknown option', async () => {
    expectOneLine(await runMain(['--bogus'], userEnvironment(temporaryFolder())), /--bogus/);
  });

  // test/cli/refusals.test.ts has all reasons for which a start fails, without a process of its own.
  it('prints one line without a stack, exits with 1 and leaves nothing behind', async () => {
    const folder = temporaryFolder();
    const codex = writeFakeCodex(folder, { onStart: `console.error('Error: no room'); process.exit(1);` });
    const args = ['--port', '0', '--codex', codex];
    const { code, stdout, stderr } = await runCommand(args, userEnvironment(folder));
    expectOneLine({ code: code!, printed: stdout, complained: stderr }, /did not start: no room/);
    expect(readdirSync(join(folder, 'home/.local/state/codex-gateway/homes'))).toEqual([]);
  });
});

it.each([['serve'], ['models'], ['doctor']])(
  'leaves nothing behind when %s is stopped during its start',
  async (command) => {
    const environment = userEnvironment(temporaryFolder());
    // The account's list of models never comes, and Codex would wait for it for a while.
    const { port, asked } = await startSilentServer();
    const url = `http://127.0.0.1:${port}`;
    writeFileSync(join(environment.HOME!, '.codex/config.toml'), `openai_base_url = "${url}"`);
    writeFileSync(join(environment.HOME!, '.codex/auth.json'), chatgptLogin(), { mode: 0o600 });
    const running = spawnCommand([command, '--port', '0'], environment);
    await asked;
    running.kill('SIGTERM');
    expect(await running.finished).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^codex-gateway: Stopped/),
    });
    expect(readdirSync(join(environment.HOME!, '.local/state/codex-gateway/homes'))).toEqual([]);
  },
);

const originOf = (server: Server) => /listens on (\S+)/.exec(server.stdout())![1]!;

describe('a server', () => {
  /** A user whose Codex uses a scripted provider. */
  async function startWithUpstream() {
    const upstream = await startUpstream();
    onTestFinished(() => upstream.close());
    const environment = userEnvironment(temporaryFolder());
    writeFileSync(join(environment.HOME!, '.codex/config.toml'), scriptedProvider(upstream.baseUrl));
    const server = await startServer(
      ['--port', '0', '--token', 'the-token-of-this-test', '--log-level', 'debug'],
      environment,
    );
    const origin = originOf(server);
    const chat = (stream: boolean) =>
      fetch(`${origin}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: 'Bearer the-token-of-this-test', 'content-type': 'application/json' },
        body: JSON.stringify({
          model: 'gpt-5.5',
          stream,
          messages: [{ role: 'user', content: 'PROMPT-TEXT' }],
        }),
      });
    return { upstream, environment, server, origin, chat };
  }

  /** Runs the curl line that a server has printed; returns its output. */
  function pasteCurl({ stdout }: Server, environment: Record<string, string>): string {
    const curl = stdout().slice(stdout().indexOf('curl '));
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    return execFileSync('/bin/sh', ['-c', curl], { encoding: 'utf8', env: environment, stdio: [...stdio] });
  }

  it('says where it listens, logs JSON to a pipe, and its curl line works pasted into a shell', async () => {
    // npm has consumed the flag `--demo`.
    const npm = { npm_lifecycle_event: 'start', npm_config_demo: 'true' };
    const environment = { ...userEnvironment(temporaryFolder()), ...npm };
    const server = await startServer(['--port', '0'], environment);
    const printed = server.stdout();
    expect(printed).toMatch(/listens on http:\/\/127\.0\.0\.1:\d+\nCodex \d+\.\d+\.\d+/);
    expect(printed).toContain('demo, no account and no real model is used');
    await (await fetch(`${originOf(server)}/healthz`)).text();
    await until(() => server.stderr().endsWith('\n'));
    expect(server.stderr().trimEnd()).toMatch(
      /^\{"level":30,"time":"[^"]+","id":"req_\w+","method":"GET","path":"\/healthz","status":200,/,
    );
    const answer = pasteCurl(server, environment);
    const texts = [...answer.matchAll(/"content":"([^"]*)"/g)].map((match) => match[1]).join('');
    expect(texts).toBe('This is the demo model of codex-gateway; no real model was asked. You said: Hello');
    expectGoodStream(answer);
  });

  it('logs text where that is asked for, and never prints a configured token', async () => {
    const environment = userEnvironment(temporaryFolder());
    await runMain(['init'], environment);
    const token = (await runMain(['token'], environment)).printed;
    const args = ['--demo', '--port', '0', '--log-level', 'debug', '--log-format', 'text'];
    const server = await startServer(args, environment);
    await (await fetch(`${originOf(server)}/healthz`)).text();
    await until(() => server.stderr().includes('/healthz'));
    expect(server.stderr()).toMatch(
      /^\d\d:\d\d:\d\d {2}200 GET \/healthz {2}\d\.\d\d s {2}node {2}req_\w+$/m,
    );
    // It asks for the token.
    expectGoodStream(pasteCurl(server, environment));
    expect(server.stdout() + server.stderr()).not.toContain(token);
  });

  it('says that Codex is not signed in, and how to sign in', async () => {
    const environment = userEnvironment(temporaryFolder());
    const config = 'openai_base_url = "http://127.0.0.1:9/v1"';
    writeFileSync(join(environment.HOME!, '.codex/config.toml'), config);
    const server = await startServer(['--port', '0'], environment);
    expect(server.stdout()).toMatch(/not signed in\. Run: \S+ \S+codex-gateway\.js login/);
  });

  // test/e2e/stop-signals.test.ts sends the other signals, and a second one.
  it('lets a running turn end after SIGINT, then ends with its child', async () => {
    const { upstream, environment, server, chat, origin } = await startWithUpstream();
    const finish = Promise.withResolvers<void>();
    upstream.use(async (_request, response) => {
      startMessage(response, 'ANSWER-TEXT');
      await finish.promise;
      sendCompleted(response);
    });
    const response = await chat(true);
    const [codex] = childrenOf(server.pid, 'app-server');
    server.kill('SIGINT');
    await until(() => server.stderr().includes('Waiting up to 10 s for 1 running request'));
    expect((await fetch(`${origin}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${origin}/readyz`)).json()).toEqual({ ready: false, why: ['draining'] });
    const refused = await chat(false);
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toMatchObject([
      503,
      '5',
      { error: { code: 'shutting_down' } },
    ]);
    finish.resolve();
    expect((await response.text()).endsWith('data: [DONE]\n\n')).toBe(true);
    expect(await server.closed).toBe(0);
    expect(server.stderr()).toMatch(/\nStopped\.\n$/);
    expect(isAlive(codex!)).toBe(false);
    expect(readdirSync(join(environment.HOME!, '.local/state/codex-gateway/homes'))).toEqual([]);
    for (const secret of ['PROMPT-TEXT', 'ANSWER-TEXT', 'the-token-of-this-test']) {
      expect(server.stdout() + server.stderr()).not.toContain(secret);
    }
  });

  it.each([
    ['as bash starts it', { _: '/usr/bin/nohup' }, ''],
    ['as it takes the input of a terminal away', {}, '0>/dev/null'],
  ])('outlives the end of its terminal under nohup, %s', async (_name, further, redirect) => {
    const environment = { ...userEnvironment(temporaryFolder()), ...further };
    const server = await startServer(['--demo', '--port', '0', '--log-level', 'silent'], environment, {
      redirect,
    });
    const origin = originOf(server);
    for (let count = 0; count < 2; count += 1) {
      server.kill('SIGHUP');
      expect((await fetch(`${origin}/healthz`)).status).toBe(200);
    }
    server.kill('SIGTERM');
    expect(await server.closed).toBe(0);
    // It mentions no requests, as none run.
    expect(server.stderr()).toBe('Stopping (SIGTERM).\nStopped.\n');
  });
});
