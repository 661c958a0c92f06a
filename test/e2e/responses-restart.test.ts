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

async function kill({ kill: send, closed }: Server): Promise<void> {
  send('SIGKILL');
  await closed;
}

it('a gateway that is killed right after a response ends loses nothing of it', async () => {
  const { start, upstream } = await prepareLives();
  const first = await start();
  const stream = await first.client.responses.create({ model, input: 'My name is Ada.', stream: true });
  let told: OpenAI.Responses.Response | undefined;
  for await (const event of stream) {
    if (event.type !== 'response.completed') continue;
    first.server.kill('SIGKILL');
    told = event.response;
    // What would come after it may be cut off.
    break;
  }
  await first.server.closed;

  const { client } = await start();
  const kept = await client.responses.retrieve(told!.id);
  expect({ ...kept, output_text: undefined }).toEqual({ ...told, output_text: undefined });
  await client.responses.create({ model, input: 'What is it?', previous_response_id: told!.id });
  const said = upstream.requests.at(-1)!.body.input.map(({ content }) => content?.[0]?.text);
  expect(said).toEqual(['My name is Ada.', 'Hello.', 'What is it?']);
});

it('a background response whose gateway was killed is marked as failed', async () => {
  const { start, upstream } = await prepareLives();
  const first = await start();
  const answer = sayByHand();
  upstream.use(answer.script);
  const { id } = await first.client.responses.create({ model, input: 'hello', background: true });
  await answer.asked;
  answer.say('Hel');
  await kill(first.server);

  const { client } = await start();
  const kept = await client.responses.retrieve(id);
  expect(kept).toMatchObject({ id, status: 'failed', error: { code: 'server_error' }, completed_at: null });
  expect(await client.responses.cancel(id)).toMatchObject({ status: 'failed' });
  const stream = await client.responses.retrieve(id, { stream: true });
  await expect(Array.fromAsync(stream)).rejects.toThrow(/ended before the response was complete/);
});

/** Resolves when the gateway has said that it ends. */
async function stop({ kill: send, stderr }: Server): Promise<void> {
  send('SIGTERM');
  await until(() => stderr().includes('Stopping (SIGTERM)'));
}

it('a gateway that gets one signal lets background responses finish without a client', async () => {
  const { start, upstream } = await prepareLives();
  const { server, client: asking } = await start();
  const answer = sayByHand();
  upstream.use(answer.script);
  const headers = { connection: 'close' };
  const { id } = await asking.responses.create({ model, input: 'hello', background: true }, { headers });
  await answer.asked;
  await stop(server);
  answer.say('Hello.');
  answer.end();
  expect(await server.closed).toBe(0);

  const { client } = await start();
  expect(await client.responses.retrieve(id)).toMatchObject({ status: 'completed', output_text: 'Hello.' });
});

it('a gateway that gets two signals ends background responses, and reports that after a restart', async () => {
  const { start, upstream } = await prepareLives();
  const first = await start();
  const answer = sayByHand();
  upstream.use(answer.script);
  const { id } = await first.client.responses.create({ model, input: 'hello', background: true });
  await answer.asked;
  await stop(first.server);
  first.server.kill('SIGTERM');
  expect(await first.server.closed).not.toBeNull();

  const { client } = await start();
  expect(await client.responses.retrieve(id)).toMatchObject({ status: 'failed' });
});
