import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startServer, userEnvironment } from '../support/command-line.ts';
import { scriptedProvider } from '../support/gateway.ts';
import { runMain } from '../support/run-main.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { say, startUpstream } from '../support/upstream.ts';

/** A user who has never run `init`, and whose Codex uses a scripted provider. */
async function createUser() {
  const upstream = await startUpstream();
  onTestFinished(() => upstream.close());
  upstream.use(say('x'));
  const environment = userEnvironment(temporaryFolder());
  const codexConfig = `model = "gpt-6-sol"\n${scriptedProvider(upstream.baseUrl)}`;
  writeFileSync(join(environment.HOME!, '.codex/config.toml'), codexConfig);
  return { environment, state: join(environment.HOME!, '.local/state/codex-gateway') };
}

const originOf = (stdout: string) => /listens on (\S+)/.exec(stdout)![1]!;
const keyOf = (stdout: string) => /^API key: {2}(\S+)/m.exec(stdout)![1]!;

it('two first starts without a token agree on one, which every command of a second terminal finds, the next start, and init', async () => {
  const { environment, state } = await createUser();
  const start = async () => await startServer(['--port', '0'], environment);
  const [first, other] = await Promise.all([start(), start()]);
  expect(keyOf(other.stdout())).toBe(keyOf(first.stdout()));
  other.kill('SIGTERM');
  expect(await other.closed).toBe(0);
  const origin = originOf(first.stdout());
  const token = keyOf(first.stdout());
  expect(token).toMatch(/^codex-gateway-local-[\w-]{43}$/);
  expect(statSync(join(state, 'token')).mode & 0o777).toBe(0o600);

  expect((await runMain(['token'], environment)).printed).toBe(token);
  const { printed: env } = await runMain(['env'], environment);
  expect(env).toContain(`OPENAI_BASE_URL=${origin}/v1`);
  expect(env).toContain(`OPENAI_API_KEY=${token}`);
  const { printed: shown } = await runMain(['show'], environment);
  expect(shown).toContain(`Base URL: ${origin}/v1\nAPI key:  ${token}\n`);
  expect(shown).toMatch(new RegExp(`^Running: .*pid ${first.pid}, since 20`, 'm'));
  expect(await runMain(['models'], environment)).toMatchObject({
    code: 0,
    printed: expect.stringContaining('gpt-6-sol'),
  });
  expect((await runMain(['doctor'], environment)).printed).toContain('a codex-gateway listens on 127.0.0.1');

  first.kill('SIGTERM');
  expect(await first.closed).toBe(0);
  expect(readdirSync(join(state, 'running'))).toEqual([]);
  expect(keyOf((await start()).stdout())).toBe(token);

  const { code, printed } = await runMain(['init'], environment);
  const path = join(environment.HOME!, '.config/codex-gateway/config.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as { token: string };
  expect([code, config.token]).toEqual([0, token]);
  expect(printed).toContain(token);
  expect(readFileSync(join(state, 'token'), 'utf8').trim()).toBe(token);
});

it('every command finds a running demo, whose token is valid for that run and stored nowhere afterwards', async () => {
  const { environment, state } = await createUser();
  const server = await startServer(['--demo', '--port', '0'], environment);
  const token = keyOf(server.stdout());
  expect((await runMain(['token'], environment)).printed).toBe(token);
  expect((await runMain(['show'], environment)).printed).toMatch(/^Running: {2}the demo, port \d+/m);
  server.kill('SIGTERM');
  await server.closed;
  expect(await runMain(['token'], environment)).toMatchObject({ code: 1, printed: '' });
  expect(readdirSync(join(state, 'running'))).toEqual([]);
});

it('a running gateway whose token is stored nowhere is named, and no other token is shown for it', async () => {
  const { environment } = await createUser();
  const server = await startServer(['--port', '0', '--token', 'of-the-flag-of-this-test'], environment);
  expect(server.stderr()).toContain('Warning: process lists show the token of --token');
  const kept = `pid ${server.pid}) was started with a token that is not stored; pass the same one with --token or CODEX_GATEWAY_TOKEN.`;
  for (const args of [['token'], ['show'], ['env'], ['models'], ['usage'], ['ask', 'hello']]) {
    const refused = await runMain(args, environment);
    expect(refused).toMatchObject({ code: 1, printed: '', complained: expect.stringContaining(kept) });
  }
  expect((await runMain(['doctor'], environment)).printed).toContain(kept);
  expect((await runMain(['env', '--token', 'of-the-flag-of-this-test'], environment)).printed).toContain(
    originOf(server.stdout()),
  );
});
