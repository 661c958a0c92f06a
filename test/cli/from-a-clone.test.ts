import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCommand, startServer, userEnvironment } from '../support/command-line.ts';
import { startTestGateway } from '../support/gateway.ts';
import { useKeptDatabases } from '../support/kept-databases.ts';
import { runMain } from '../support/run-main.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { failWith } from '../support/upstream.ts';

const CLONE = fileURLToPath(new URL('../..', import.meta.url));

/** As `npm start` runs it in the clone. */
const NPM = {
  npm_lifecycle_event: 'start',
  npm_package_json: join(CLONE, 'package.json'),
  INIT_CWD: CLONE,
};

/** Someone who is not signed in, and whose provider would be OpenAI. */
async function createUser(): Promise<Record<string, string>> {
  const environment = userEnvironment(temporaryFolder());
  writeFileSync(join(environment.HOME!, '.codex/config.toml'), 'openai_base_url = "http://127.0.0.1:9/v1"');
  await useKeptDatabases(join(environment.HOME!, '.local/state/codex-gateway'));
  return { ...environment, ...NPM };
}

describe('advice names the command by which npm start runs the program', () => {
  it.each([
    [
      ['doctor', '--port', '0'],
      /none is needed; `npm -s start -- init` writes one$[^]*run `npm -s start -- login`\.$/m,
    ],
    [['ask', 'hello'], /Run `npm -s start -- login` where the gateway runs\./],
    [['login', 'status'], /run `npm -s start -- login`\./],
    [['token'], /run `npm -s start -- init` or start the gateway/],
    [['tokne'], /`npm -s start -- help` lists them/],
    [['token', '--json'], /`npm -s start -- help token` lists its options/],
    [['help'], /^Usage: npm -s start -- \[options\]/],
    [['help', 'init'], /^Usage: npm -s start -- init/],
  ])('in %j', async (args, pattern) => {
    const { printed, complained } = await runMain(args, await createUser());
    expect(`${printed}\n${complained}`).toMatch(pattern);
  });

  it('when a config file exists already, and when clients are listed', async () => {
    const environment = await createUser();
    const { printed } = await runMain(['init'], environment);
    expect(printed).toContain('\nFor other clients: npm -s start -- show azure (or ai-sdk, ');
    expect(printed).toContain('\nStart it: npm start\n');
    expect((await runMain(['init'], environment)).complained).toMatch(
      /exists already; `npm -s start -- show` prints it, `npm -s start -- init --force` gives it a new token\.$/,
    );
  });

  it('when no key is on standard input', async () => {
    const { stderr } = await runCommand(['login', '--with-api-key'], await createUser());
    expect(stderr).toMatch(/pipe one in: printenv OPENAI_API_KEY \| npm -s start -- login --with-api-key\n$/);
  });

  it('at the start with a token in the config file, without the path of a file at its usual place', async () => {
    const environment = await createUser();
    const path = join(environment.HOME!, '.config/codex-gateway/config.json');
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, '{"token":"the-token-of-this-test"}', { mode: 0o600 });
    const server = await startServer(['--demo', '--port', '0'], environment);
    expect(server.stdout()).toMatch(/^API key: {2}printed by: npm -s start -- token$/m);
    expect(server.stdout()).toContain('-H "Authorization: Bearer $(npm -s start -- token)"');
  });
});

describe('errors over HTTP name the command by which npm start runs the gateway', () => {
  it('for a wrong token', async () => {
    const gateway = await startTestGateway({ demo: true, environment: NPM });
    onTestFinished(() => gateway.close());
    const messageFor = async (headers: Record<string, string>) => {
      const response = await gateway.fetch('/v1/models', { headers });
      return ((await response.json()) as { error: { message: string } }).error.message;
    };
    expect(await messageFor({ authorization: 'Bearer wrong' })).toBe(
      'Incorrect API key provided. `npm -s start -- token` prints the one of this gateway.',
    );
    expect(await messageFor({ authorization: '' })).toMatch(
      /^You didn't provide an API key\..*`npm -s start -- token` prints it\.$/,
    );
  });

  it('for a login that the provider refuses', async () => {
    const gateway = await startTestGateway({
      codexConfig: (url) => `openai_base_url = "${url}"`,
      prepare: (home) => writeFileSync(join(home, 'auth.json'), '{"OPENAI_API_KEY":"sk-x"}'),
      environment: NPM,
    });
    onTestFinished(() => gateway.close());
    gateway.upstream.use(failWith(401, 'invalid_api_key'));
    const response = await gateway.post({ model: 'gpt-5.5', messages: [{ role: 'user', content: 'Hi' }] });
    expect(await response.json()).toMatchObject({
      error: { message: expect.stringContaining('Sign in again with `npm -s start -- login`') },
    });
    // A message of the gateway's own is legible in the log.
    expect(JSON.stringify(gateway.log.lines)).toContain('npm -s start -- login');
  });
});
