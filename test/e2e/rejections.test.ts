import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startServer, userEnvironment } from '../support/command-line.ts';
import { scriptedProvider } from '../support/gateway.ts';
import { until } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { say, sendCompleted, sendDelta, startMessage, startUpstream } from '../support/upstream.ts';

/** Forgets a rejected promise whenever the process is sent SIGUSR2. */
const FORGETFUL = `
process.on('SIGUSR2', () => {
  void Promise.reject(Object.assign(new TypeError('SECRET-TEXT'), { code: 'EWHATEVER' }));
  void Promise.reject('SECRET-TEXT');
});
`;

it('an unhandled rejection is logged without its message, and every request continues', async () => {
  const folder = temporaryFolder();
  const upstream = await startUpstream();
  onTestFinished(() => upstream.close());
  const environment: Record<string, string> = userEnvironment(folder);
  writeFileSync(join(environment.HOME!, '.codex/config.toml'), scriptedProvider(upstream.baseUrl));
  const module = join(folder, 'forgetful.mjs');
  writeFileSync(module, FORGETFUL);
  const server = await startServer(['--port', '0', '--token', 'the-token-of-this-test'], {
    ...environment,
    NODE_OPTIONS: `--import=${module}`,
  });
  const origin = /listens on (\S+)/.exec(server.stdout())![1]!;
  const ask = async (stream: boolean) =>
    await fetch(`${origin}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer the-token-of-this-test', 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-5.5', stream, messages: [{ role: 'user', content: 'hello' }] }),
    });

  const goOn = Promise.withResolvers<void>();
  upstream.use(async (_request, response) => {
    startMessage(response, 'first');
    await goOn.promise;
    sendDelta(response, 'second');
    sendCompleted(response);
  });
  const running = await ask(true);
  server.kill('SIGUSR2');
  const reports = () => server.stderr().match(/.*unhandled promise rejection.*/g) ?? [];
  await until(() => reports().length === 2);
  goOn.resolve();
  const text = await running.text();
  expect(text).toContain('second');
  expect(text).toContain('[DONE]');
  upstream.use(say('Hello.'));
  expect((await ask(false)).status).toBe(200);
  expect(reports().map((line) => JSON.parse(line) as object)).toMatchObject([
    { level: 50, error: 'TypeError', code: 'EWHATEVER' },
    { level: 50, error: 'string' },
  ]);
  expect(server.stderr()).not.toMatch(/SECRET-TEXT|forgetful/);
  server.kill('SIGTERM');
  expect(await server.closed).toBe(0);
});
