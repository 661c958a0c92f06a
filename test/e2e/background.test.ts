import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import {
  identifyProcess,
  isStillRunning,
  listDescendants,
} from '../../src/service/process/process-identity.ts';
import {
  COMPILE_CACHE,
  runCommand,
  spawnCommand,
  startServer,
  userEnvironment,
} from '../support/command-line.ts';
import { scriptedProvider } from '../support/gateway.ts';
import { useKeptDatabases } from '../support/kept-databases.ts';
import { isAlive, until } from '../support/process.ts';
import { runMain } from '../support/run-main.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { sendCompleted, sendMessageDone, startMessage, startUpstream } from '../support/upstream.ts';

/** A user without a gateway; one that is in the background is killed when the test ends. */
function createUser(config: object = {}) {
  const environment = userEnvironment(temporaryFolder());
  environment.NODE_COMPILE_CACHE = COMPILE_CACHE;
  const state = join(environment.HOME!, '.local/state/codex-gateway');
  const configFolder = join(environment.HOME!, '.config/codex-gateway');
  mkdirSync(configFolder, { recursive: true });
  writeFileSync(join(configFolder, 'config.json'), JSON.stringify(config), { mode: 0o600 });
  const pidPath = join(state, 'gateway.pid');
  const pid = () => (existsSync(pidPath) ? Number(readFileSync(pidPath, 'utf8').split('\n')[0]) : undefined);
  onTestFinished(() => {
    const running = pid();
    if (running !== undefined && isAlive(running)) process.kill(running, 'SIGKILL');
  });
  /** Runs a command in this process, which is quicker. */
  const run = async (...words: string[]) => await runWith({}, ...words);
  async function runWith(variables: Record<string, string>, ...words: string[]) {
    const { code, printed, complained } = await runMain(words, { ...environment, ...variables });
    const [stdout, stderr] = [printed, complained].map((text) => (text === '' ? '' : `${text}\n`));
    return { code, stdout: stdout!, stderr: stderr! };
  }
  return { environment, state, pidPath, pid, run, runWith };
}

/** Returns true for a process that has ended, also before the system has forgotten it. */
const isGone = (pid: number) => !isStillRunning(identifyProcess(pid));

/** Returns the command line of a process as everybody can see it. */
const readCommandLine = (pid: number) =>
  execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });

const originOf = (text: string) => /(http:\/\/[\d.:]+)/.exec(text)![1]!;

/** Matches what `start` prints about the gateway that it has started. */
const STARTED =
  /^codex-gateway \S+ listens on http:\/\/127\.0\.0\.1:\d+ \(process \d+, with the demo model\)$/m;

const askModels = async (origin: string, token: string) =>
  (await fetch(`${origin}/v1/models`, { headers: { authorization: `Bearer ${token}` } })).status;

it('two starts at the same time start one gateway, which is ready when they come back, and a further one says that it runs; the next, whose token is not in the process list, notices that it was killed and warns of what others can see; and `stop` leaves nothing of it', async () => {
  const user = createUser();
  const both = await Promise.all([1, 2].map(() => user.run('start', '--demo', '--port', '0')));
  expect(both.map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, ''],
    [0, ''],
  ]);
  expect(both.some(({ stdout }) => STARTED.test(stdout))).toBe(true);
  expect(new Set(both.map(({ stdout }) => originOf(stdout))).size).toBe(1);
  const first = originOf(both[0]!.stdout);
  const dead = user.pid()!;
  for (const { stdout } of both) expect(stdout).toContain(`(process ${dead}`);
  expect(statSync(user.pidPath).mode & 0o777).toBe(0o600);
  expect((await fetch(`${first}/healthz`)).status).toBe(200);
  const third = await user.run('start', '--demo', '--port', '0');
  expect(third).toMatchObject({ code: 0, stderr: '' });
  expect(third.stdout).toContain(`codex-gateway already runs on ${first} (process ${dead}`);
  expect(user.pid()).toBe(dead);
  expect(await askModels(first, (await user.run('token')).stdout.trim())).toBe(200);

  process.kill(dead, 'SIGKILL');
  await until(() => isGone(dead));
  const token = 'codex-gateway-local-Vq3xR8mLw2Zt6Ny1';
  chmodSync(user.state, 0o755);
  // Its own process ends, as that of a person at a terminal does.
  const args = ['start', '--demo', '--port', '0', '--token', token];
  const started = await runCommand(args, user.environment);
  expect(started.code).toBe(0);
  expect(started.stdout).toMatch(STARTED);
  expect(started.stderr).toContain(`(process ${dead}) ended without a stop`);
  expect(started.stderr).toContain('--token-file');
  expect(started.stderr).toMatch(/Warning: .*state folder/);
  const pid = user.pid()!;
  expect(pid).not.toBe(dead);
  expect(readCommandLine(pid)).toContain('--in-background');
  expect(readCommandLine(pid)).not.toContain(token);
  const origin = originOf(started.stdout);
  expect(await askModels(origin, token)).toBe(200);
  const restarted = await user.run('restart');
  expect(restarted).toMatchObject({ code: 1, stdout: '' });
  expect(restarted.stderr).toContain('a token that is not stored');
  expect(user.pid()).toBe(pid);
  await expectStop(user, { pid, origin, token });
});

/** Stops a gateway that has answered a request for its models. */
async function expectStop(
  user: ReturnType<typeof createUser>,
  { pid, origin, token }: { readonly pid: number; readonly origin: string; readonly token: string },
): Promise<void> {
  const stdout = `codex-gateway (process ${pid}) has stopped.\n`;
  expect(await user.run('stop')).toMatchObject({ code: 0, stdout, stderr: '' });
  expect(isGone(pid)).toBe(true);
  await expect(fetch(`${origin}/healthz`)).rejects.toThrow('fetch failed');
  expect(existsSync(user.pidPath)).toBe(false);
  expect(readdirSync(join(user.state, 'running'))).toEqual([]);
  const again = await user.run('stop');
  expect(again).toMatchObject({ code: 0, stdout: 'No codex-gateway is running.\n', stderr: '' });

  const logs = await user.run('logs');
  expect(logs.code).toBe(0);
  expect(logs.stdout).toContain('GET /v1/models');
  expect(logs.stdout).toMatch(/Stopped\.\n$/);
  expect(logs.stdout).not.toContain(token);
}

it('`restart` starts the gateway again with the options and variables of its start, and its log is kept in files of limited size', async () => {
  const user = createUser({ log: { maxBytes: 600, files: 2 } });
  const variables = { CODEX_GATEWAY_LOG_FORMAT: 'text', OTEL_EXPORTER_OTLP_HEADERS: 'a=the-secret' };
  const started = await user.runWith(variables, 'start', '--demo', '--port=0', '--log-level=debug');
  const before = user.pid()!;
  const record = readdirSync(join(user.state, 'running'))[0]!;
  expect(readFileSync(join(user.state, 'running', record), 'utf8')).not.toContain('the-secret');
  const refused = await user.run('restart');
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('was started with OTEL_EXPORTER_OTLP_HEADERS');
  expect(user.pid()).toBe(before);
  const follower = spawnCommand(['logs', '-f', '-n', '0', '--json'], user.environment);
  const origin = originOf(started.stdout);
  for (let count = 0; count < 20; count += 1) await fetch(`${origin}/v1/nothing-${count}`);
  const restarted = await user.runWith({ OTEL_EXPORTER_OTLP_HEADERS: '' }, 'restart');
  expect(restarted.code).toBe(0);
  expect(restarted.stdout).toContain(`codex-gateway (process ${before}) has stopped.`);
  expect(restarted.stdout).toMatch(/with the demo model/);
  expect(isGone(before)).toBe(true);
  expect(user.pid()).not.toBe(before);
  const names = readdirSync(user.state).filter((name) => name.startsWith('gateway.log'));
  expect(names.toSorted()).toEqual(['gateway.log', 'gateway.log.1']);
  for (const name of names) {
    expect(statSync(join(user.state, name)).size).toBeLessThanOrEqual(600);
    expect(readFileSync(join(user.state, name), 'utf8')).not.toMatch(/^\{/m);
  }
  expect((await user.run('stop')).code).toBe(0);
  follower.kill('SIGINT');
  expect(await follower.finished).toMatchObject({ code: 0, stderr: '' });
});

it('a start whose port another program has fails with the reason and leaves nothing, and that program is not stopped', async () => {
  const user = createUser();
  const server = createServer((_request, response) => response.end('something else')).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const started = await user.run('start', '--demo', '--port', String(port));
  expect(started).toMatchObject({ code: 1, stdout: '' });
  expect(started.stderr).toContain(`Port ${port} on 127.0.0.1 is in use`);
  expect(existsSync(user.pidPath)).toBe(false);
  const stopped = await user.run('stop', '--port', String(port));
  expect(stopped).toMatchObject({ code: 0, stdout: 'No codex-gateway is running.\n' });
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('something else');
});

it('a gateway on a terminal counts: `start` finds it on its port, `restart` leaves it alone, and `stop` ends it', async () => {
  const user = createUser();
  const server = await startServer(['--demo', '--port', '0'], user.environment);
  const { port } = new URL(originOf(server.stdout()));
  const started = await user.run('start', '--demo', '--port', port);
  expect(started.stdout).toContain(`already runs on http://127.0.0.1:${port} (process ${server.pid}`);
  const restarted = await user.run('restart');
  expect(restarted.code).toBe(1);
  expect(restarted.stderr).toContain('is not in the background');
  expect((await user.run('stop')).code).toBe(0);
  expect(await server.closed).toBe(0);
});

it('a start with a wrong config file fails before anything is started', async () => {
  const user = createUser({ prot: 1 });
  const started = await user.run('start', '--demo');
  expect(started).toMatchObject({ code: 1, stdout: '' });
  expect(started.stderr).toContain("'prot'");
  expect(existsSync(join(user.state, 'gateway.log'))).toBe(false);
});

it('a gateway whose Codex is not signed in runs, and `start` says with exit code 1 what to do', async () => {
  const user = createUser();
  await useKeptDatabases(user.state);
  const started = await user.run('start', '--port', '0');
  expect(started.code).toBe(1);
  expect(started.stdout).toContain('listens on http://127.0.0.1:');
  expect(started.stderr).toMatch(/It runs, but it is not ready: Codex is not signed in; run `.* login`\./);
  expect((await fetch(`${originOf(started.stdout)}/healthz`)).status).toBe(200);
  expect((await user.run('stop')).code).toBe(0);
});

it('`stop` during twenty streams lets them finish, a second one ends the others with one error each, and nothing is left', async () => {
  const user = createUser();
  const upstream = await startUpstream();
  onTestFinished(() => upstream.close());
  const release = Promise.withResolvers<void>();
  let asked = 0;
  upstream.use(async (_request, response) => {
    startMessage(response, 'Hello');
    asked += 1;
    const isFast = asked % 2 === 0;
    await release.promise;
    // The others never come to an end by themselves.
    if (!isFast) return;
    sendMessageDone(response, 'Hello');
    sendCompleted(response);
  });
  const codexConfig = `model = "gpt-6-sol"\n${scriptedProvider(upstream.baseUrl)}`;
  writeFileSync(join(user.environment.HOME!, '.codex/config.toml'), codexConfig);
  await useKeptDatabases(user.state);
  const started = await user.run('start', '--port', '0');
  expect(started).toMatchObject({ code: 0, stderr: '' });
  const pid = user.pid()!;
  const app = listDescendants(pid);
  expect(app.length).toBeGreaterThan(0);
  const token = (await user.run('token')).stdout.trim();
  const streams = Array.from({ length: 20 }, async () => {
    const response = await fetch(`${originOf(started.stdout)}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-6-sol', stream: true, messages: [{ role: 'user', content: 'Hi' }] }),
    });
    return await response.text();
  });
  await until(() => asked === 20);
  const stopping = user.run('stop');
  const log = join(user.state, 'gateway.log');
  await until(() => readFileSync(log, 'utf8').includes('Stopping (SIGTERM).'));
  release.resolve();
  let ended = 0;
  for (const stream of streams) void stream.then(() => (ended += 1));
  await until(() => ended === 10);
  expect((await user.run('stop')).code).toBe(0);
  const texts = await Promise.all(streams);
  expect(texts.filter((text) => text.trimEnd().endsWith('data: [DONE]'))).toHaveLength(10);
  const errors = texts.map((text) => text.split('\n\n').filter((frame) => frame.includes('"error"')));
  expect(errors.filter(({ length }) => length === 1)).toHaveLength(10);
  expect(errors.flat().every((frame) => frame.includes('"code":"shutting_down"'))).toBe(true);
  expect(readdirSync(join(user.state, 'homes'))).toEqual([]);
  expect(await stopping).toMatchObject({ code: 0, stderr: '' });
  expect([pid, ...app.map((process) => process.pid)].filter((one) => !isGone(one))).toEqual([]);
});
