import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { expect, it, onTestFinished } from 'vitest';
import { startServer, userEnvironment, type Server } from '../support/command-line.ts';
import { scriptedProvider } from '../support/gateway.ts';
import { until } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { sayByHand } from '../support/upstream-answers.ts';
import { say, startUpstream, type Upstream } from '../support/upstream.ts';

const model = 'gpt-5.5';
const TOKEN = 'the-token-of-this-test';

interface Lives {
  readonly upstream: Upstream;
  /** Starts the gateway in a process of its own, before the same store each time. */
  start(): Promise<{ readonly server: Server; readonly client: OpenAI }>;
}

async function prepareLives(): Promise<Lives> {
  const upstream = await startUpstream(say('Hello.'));
  onTestFinished(() => upstream.close());
  const environment = userEnvironment(temporaryFolder());
  writeFileSync(join(environment.HOME!, '.codex/config.toml'), scriptedProvider(upstream.baseUrl));
  return {
    upstream,
    async start() {
      const server = await startServer(['--port', '0', '--token', TOKEN], environment);
      const origin = /listens on (\S+)/.exec(server.stdout())![1]!;
      return { server, client: new OpenAI({ baseURL: `${origin}/v1`, apiKey: TOKEN, maxRetries: 0 }) };
    },
  };
}

/** Resolves when the gateway has said that it ends. */
async function stop({ kill: send, stderr }: Server): Promise<void> {
  send('SIGTERM');
  await until(() => stderr().includes('Stopping (SIGTERM)'));
}

it('a gateway that is killed right after a response ends loses nothing of it, and marks one in the background as failed; after one signal it lets those finish without a client, and ends them after two', async () => {
  const { start, upstream } = await prepareLives();
  const { server: killed, client } = await start();
  const answer = sayByHand();
  upstream.use(answer.script);
  const { id } = await client.responses.create({ model, input: 'hello', background: true });
  await answer.asked;
  answer.say('Hel');

  upstream.use(say('Hello.'));
  const stream = await client.responses.create({ model, input: 'My name is Ada.', stream: true });
  let told: OpenAI.Responses.Response | undefined;
  for await (const event of stream) {
    if (event.type !== 'response.completed') continue;
    killed.kill('SIGKILL');
    told = event.response;
    // What would come after it may be cut off.
    break;
  }
  await killed.closed;

  const second = await start();
  const { client: last } = second;
  const kept = await last.responses.retrieve(told!.id);
  expect({ ...kept, output_text: undefined }).toEqual({ ...told, output_text: undefined });
  await last.responses.create({ model, input: 'What is it?', previous_response_id: told!.id });
  const said = upstream.requests.at(-1)!.body.input.map(({ content }) => content?.[0]?.text);
  expect(said).toEqual(['My name is Ada.', 'Hello.', 'What is it?']);
  expect(await last.responses.retrieve(id)).toMatchObject({
    id,
    status: 'failed',
    error: { code: 'server_error' },
    completed_at: null,
  });
  expect(await last.responses.cancel(id)).toMatchObject({ status: 'failed' });
  const events = await last.responses.retrieve(id, { stream: true });
  await expect(Array.fromAsync(events)).rejects.toThrow(/ended before the response was complete/);

  // One signal lets responses in the background end, two do not.
  const finished = sayByHand();
  upstream.use(finished.script);
  const headers = { connection: 'close' };
  const { id: whole } = await last.responses.create({ model, input: 'hello', background: true }, { headers });
  await finished.asked;
  await stop(second.server);
  finished.say('Hello.');
  finished.end();
  expect(await second.server.closed).toBe(0);

  const third = await start();
  expect(await third.client.responses.retrieve(whole)).toMatchObject({
    status: 'completed',
    output_text: 'Hello.',
  });
  const unfinished = sayByHand();
  upstream.use(unfinished.script);
  const ended = await third.client.responses.create({ model, input: 'hello', background: true });
  await unfinished.asked;
  await stop(third.server);
  third.server.kill('SIGTERM');
  expect(await third.server.closed).not.toBeNull();

  const { client: fourth } = await start();
  expect(await fourth.responses.retrieve(ended.id)).toMatchObject({ status: 'failed' });
});
