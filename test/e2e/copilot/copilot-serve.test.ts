import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCodexExec } from '../../support/codex-exec.ts';
import { startServer, userEnvironment, type Server } from '../../support/command-line.ts';
import { COPILOT_TOKEN, startCopilotFakes } from '../../support/copilot/copilot-fakes.ts';
import { streamBytes } from '../../support/copilot/fake-copilot.ts';
import { childrenOf, until } from '../../support/process.ts';
import { runMain } from '../../support/run-main.ts';
import { sendHttp } from '../../support/send-http.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Starts `copilot serve` before fakes of Copilot and GitHub. */
async function start(args: readonly string[], variables: Record<string, string> = {}) {
  const fakes = await startCopilotFakes();
  onTestFinished(() => fakes.close());
  const folder = temporaryFolder();
  const environment = { ...userEnvironment(folder), ...fakes.environment, ...variables };
  const server = await startServer(['copilot', 'serve', ...args], environment, { ready: 'API key:' });
  return { ...fakes, server, folder, origin: originOf(server) };
}

const originOf = (server: Server) => /http:\/\/127\.0\.0\.1:\d+/.exec(server.stdout())![0];

const POST = { method: 'POST', body: '{"model":"gpt-5.5","input":"hi","stream":true}' };

describe('`copilot serve`', () => {
  it('serves without Codex, a token or a trace, until a signal stops it', async () => {
    const { server, origin, folder, copilot } = await start(['--port', '0'], {
      COPILOT_BEARER_TOKEN: COPILOT_TOKEN,
      PATH: '/nonexistent',
    });
    await until(() => server.stdout().includes('no token is set'));
    expect(server.stdout()).toMatch(/^Copilot: +signed in\.$/m);
    expect(server.stdout()).toContain(`Base URL: ${origin}/v1\n`);
    copilot.use(streamBytes(['data: 1\n\n']));
    const answer = await sendHttp(`${origin}/v1/responses`, POST);
    expect([answer.status, answer.text]).toEqual([200, 'data: 1\n\n']);
    expect(copilot.responses[0]!.text).toBe(POST.body);
    expect(childrenOf(server.pid, '')).toEqual([]);
    server.kill('SIGTERM');
    expect(await server.closed).toBe(0);
    expect(server.stderr()).toMatch(
      /"path":"\/v1\/responses","model":"gpt-5\.5".*"msg":"request"\}\nStopping \(SIGTERM\)\.\nStopped\.\n$/s,
    );
    expect(server.stderr()).not.toContain(COPILOT_TOKEN);
    expect(readdirSync(folder, { recursive: true })).toEqual(['home', 'home/.codex']);
  });

  it('serves a Codex whose base URL is that of an earlier adapter', async () => {
    const { origin, folder, copilot } = await start(['--port', '0'], { COPILOT_BEARER_TOKEN: COPILOT_TOKEN });
    const done = await runCodexExec({ folder: join(folder, 'codex'), baseUrl: `${origin}/v1` }, ['hello']);
    expect([done.code, done.stdout]).toEqual([0, 'Hello from Copilot.']);
    expect(copilot.responses[0]!.headers.authorization).toBe(`Bearer ${COPILOT_TOKEN}`);
  });

  it('takes its port from PORT, its token from the config file, and not the port there', async () => {
    const config = join(temporaryFolder(), 'config.json');
    writeFileSync(config, '{"port":1,"token":"of-the-file-of-this-test"}');
    const { server, origin } = await start(['--config', config], { PORT: '0' });
    await until(() => server.stdout().includes(' token --config '));
    expect(new URL(origin).port).not.toBe('1');
    expect((await sendHttp(`${origin}/v1/models`)).status).toBe(401);
    expect((await sendHttp(`${origin}/health`)).status).toBe(200);
    expect(server.stdout()).not.toContain('of-the-file-of-this-test');
  });

  it('says at its start that nobody is signed in, and sends the Authorization of the caller, but never a token of its own', async () => {
    const { server, origin, github, copilot } = await start([
      '--port',
      '0',
      '--token',
      'secret-of-this-very-test',
    ]);
    await until(() => server.stdout().includes('the token you started it with'));
    expect(server.stderr()).toContain('Warning: process lists show the token of --token');
    expect(server.stdout()).toMatch(/^Copilot: +not signed in\. Run: .* copilot login$/m);
    expect(server.stdout()).not.toContain('secret-of-this');
    const headers = { 'x-api-key': 'secret-of-this-very-test' };
    expect((await sendHttp(`${origin}/v1/responses`, { ...POST, headers })).status).toBe(401);
    expect([github.requests, copilot.requests]).toEqual([[], []]);
    const incoming = { 'x-api-key': 'secret-of-this-very-test', authorization: `Bearer ${COPILOT_TOKEN}` };
    expect((await sendHttp(`${origin}/v1/responses`, { ...POST, headers: incoming })).status).toBe(200);
    const own = { authorization: 'Bearer secret-of-this-very-test' };
    expect((await sendHttp(`${origin}/v1/responses`, { ...POST, headers: own })).status).toBe(401);
    expect(copilot.responses.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${COPILOT_TOKEN}`,
    ]);
  });

  it('refuses an address that other machines reach, and a Copilot that is switched off', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, '.config/codex-gateway'), { recursive: true });
    writeFileSync(join(folder, '.config/codex-gateway/config.json'), '{"copilot":{"enabled":false}}');
    const off = await runMain(['copilot', 'serve'], { HOME: folder });
    expect(off).toMatchObject({ code: 1, complained: expect.stringContaining('switched off in') as string });
    const open = await runMain(['copilot', 'serve'], { HOME: folder, HOST: '0.0.0.0' });
    expect(open).toMatchObject({
      code: 1,
      complained: expect.stringMatching(
        /'0\.0\.0\.0' is not a loopback address; use .* set by HOST\.$/,
      ) as string,
    });
  });
});
