import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { runCommand, startServer, userEnvironment } from '../support/command-line.ts';
import { until } from '../support/process.ts';
import { runMain } from '../support/run-main.ts';
import { sendHttp } from '../support/send-http.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway({
  config: { trustedProxies: ['127.0.0.1'], allowedHosts: ['gateway.example'] },
});

const TOKEN = 'a-token-of-my-own-1';

it.each([
  ['host', 'evil.example', 403],
  ['origin', 'https://evil.example', 403],
  ['host', 'gateway.example', 101],
  ['origin', 'http://localhost:3000', 101],
])('a WebSocket with the %s %s is answered with %i', async (name, value, expected) => {
  const url = `${gateway.running.origin.replace('http', 'ws')}/v1/responses`;
  const { token } = gateway.running;
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}`, [name]: value } });
  const status = await new Promise<number>((resolve, reject) => {
    socket.once('open', () => resolve(101));
    socket.once('unexpected-response', (_request, { statusCode = 0 }) => resolve(statusCode));
    socket.once('error', reject);
  });
  socket.terminate();
  expect(status).toBe(expected);
});

it('the log shows the address of a client behind a trusted proxy, and none for this machine', async () => {
  await gateway.fetch('/v1/nothing', { headers: { 'x-forwarded-for': '203.0.113.5' } });
  await gateway.fetch('/v1/nowhere');
  const lineOf = (path: string) => gateway.log.lines.find((line) => line.includes(path)) ?? '';
  await until(() => lineOf('/v1/nothing') !== '' && lineOf('/v1/nowhere') !== '');
  expect(lineOf('/v1/nothing')).toContain('203.0.113.5');
  expect(lineOf('/v1/nowhere')).not.toContain('127.0.0.1');
});

it('guesses behind a trusted proxy are counted for each client', async () => {
  const guess = async (address: string) =>
    (
      await gateway.fetch('/v1/models', {
        headers: { authorization: 'Bearer wrong', 'x-forwarded-for': address },
      })
    ).status;
  const statuses: number[] = [];
  for (let count = 0; count < 30; count += 1) statuses.push(await guess('203.0.113.6'));
  expect(statuses[0]).toBe(401);
  expect(statuses).toContain(429);
  expect(await guess('203.0.113.7')).toBe(401);
});

it('with --allow-remote and a token, the gateway warns, and answers for no name that is not listed', async () => {
  const environment = userEnvironment(temporaryFolder());
  const words = ['--demo', '--port', '0', '--host', '0.0.0.0', '--allow-remote'];
  const server = await startServer(words, { ...environment, CODEX_GATEWAY_TOKEN: TOKEN });
  expect(server.stdout()).toContain('Warning:  other machines can reach it at 0.0.0.0.');
  const [origin] = /http:\/\/127\.0\.0\.1:\d+/.exec(server.stdout())!;
  await until(() => server.stderr().includes('other machines can reach this gateway'));
  const localhost = origin.replace('127.0.0.1', 'localhost');
  for (const [url, headers, expected] of [
    [origin, {}, 200],
    [localhost, {}, 200],
    [origin.replace('127.0.0.1', '[::1]'), {}, 200],
    [origin, { host: '192.168.0.7' }, 403],
  ] as const) {
    expect((await sendHttp(`${url}/healthz`, { headers })).status).toBe(expected);
  }
  server.kill('SIGTERM');
  expect(await server.closed).toBe(0);
});

it('the demo beyond this machine needs a token that was configured, since it knows none that was added', async () => {
  const environment = userEnvironment(temporaryFolder());
  const words = ['--demo', '--port', '0', '--host', '0.0.0.0', '--allow-remote'];
  expect((await runMain(['tokens', 'add', 'team'], environment)).code).toBe(0);
  const refused = await runMain(words, environment);
  expect([refused.code, refused.printed]).toEqual([1, '']);
  expect(refused.complained).toContain('The demo knows none of `tokens add`; set one with --token-file');
});

it('a config file that others can change ends the start, and one with a token that they can read is warned about', async () => {
  const environment = userEnvironment(temporaryFolder());
  const folder = join(environment.HOME!, '.config/codex-gateway');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify({ port: 0, token: TOKEN }));
  chmodSync(path, 0o666);
  expect(await runCommand(['--demo'], environment)).toEqual({
    code: 1,
    stdout: '',
    stderr: `codex-gateway: Others on this machine can change the config file ${path}; run \`chmod go-w ${path}\`.\n`,
  });
  chmodSync(path, 0o644);
  const server = await startServer(['--demo'], environment);
  await until(() => server.stderr().includes('others on this machine can read the config file'));
  server.kill('SIGTERM');
  expect(await server.closed).toBe(0);
});
