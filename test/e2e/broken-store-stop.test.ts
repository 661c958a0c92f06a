import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import OpenAI from 'openai';
import { expect, it, onTestFinished } from 'vitest';
import { startServer, userEnvironment } from '../support/command-line.ts';
import { scriptedProvider } from '../support/gateway.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { sayByHand } from '../support/upstream-answers.ts';
import { startUpstream } from '../support/upstream.ts';

it('a gateway that cannot store anything still ends at SIGTERM', async () => {
  const answer = sayByHand();
  const upstream = await startUpstream(answer.script);
  onTestFinished(() => upstream.close());
  const environment = userEnvironment(temporaryFolder());
  writeFileSync(join(environment.HOME!, '.codex/config.toml'), scriptedProvider(upstream.baseUrl));
  const server = await startServer(['--port', '0', '--token', 'the-token-of-this-test'], environment);
  const origin = /listens on (\S+)/.exec(server.stdout())![1]!;
  const client = new OpenAI({ baseURL: `${origin}/v1`, apiKey: 'the-token-of-this-test', maxRetries: 0 });
  const background = { model: 'gpt-5.5', input: 'hello', background: true } as const;
  await client.responses.create(background);
  await answer.asked;

  const state = join(environment.HOME!, '.local/state/codex-gateway');
  const database = new DatabaseSync(join(state, 'store.sqlite'));
  onTestFinished(() => database.close());
  for (const change of ['INSERT', 'UPDATE']) {
    database.exec(
      `CREATE TRIGGER ${change}_broken BEFORE ${change} ON responses BEGIN SELECT RAISE(ABORT, 'broken'); END`,
    );
  }
  for (let turn = 0; turn < 3; turn += 1) {
    await expect(client.responses.create(background)).rejects.toMatchObject({ code: 'storage_failed' });
  }
  // The first one is still on the way, and its end cannot be stored.
  server.kill('SIGTERM');
  answer.say('Hello.');
  answer.end();
  expect(await server.closed).toBe(0);
});
