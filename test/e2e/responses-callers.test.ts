import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { sayByHand } from '../support/upstream-answers.ts';
import { say } from '../support/upstream.ts';

const model = 'gpt-5.5';
const input = 'hello';

let first: TestGateway;
/** Before the same state folder, with the same token. */
let second: TestGateway;
/** The same, with a token of its own. */
let foreign: TestGateway;
let stranger: OpenAI;
beforeAll(async () => {
  first = await startTestGateway();
  const environment = { XDG_STATE_HOME: dirname(first.stateDirectory) };
  second = await startTestGateway({ environment });
  foreign = await startTestGateway({ environment, config: { token: 'another-token-of-this-test' } });
  stranger = new OpenAI({
    baseURL: `${foreign.running.origin}/v1`,
    apiKey: 'another-token-of-this-test',
    maxRetries: 0,
  });
});
afterAll(async () => {
  // The first has the folder.
  await Promise.all([second, foreign].map((gateway) => gateway.close()));
  await first.close();
});
beforeEach(() => {
  for (const { upstream } of [first, second, foreign]) upstream.use(say('Hello.'));
});

const responsesOf = ({ client }: TestGateway) => client.responses;

it('stored files are readable only by their user', () => {
  expect(second.stateDirectory).toBe(first.stateDirectory);
  expect(statSync(first.stateDirectory).mode & 0o777).toBe(0o700);
  expect(statSync(join(first.stateDirectory, 'store.sqlite')).mode & 0o777).toBe(0o600);
});

describe('a response of one token', () => {
  it('cannot be retrieved with another token', async () => {
    const { id } = await responsesOf(first).create({ model, input });
    const notFound = { status: 404, type: 'invalid_request_error' };
    await expect(stranger.responses.retrieve(id)).rejects.toMatchObject(notFound);
    await expect(stranger.responses.delete(id)).rejects.toMatchObject(notFound);
    await expect(stranger.responses.cancel(id)).rejects.toMatchObject(notFound);
    await expect(stranger.responses.retrieve(id, { stream: true })).rejects.toMatchObject(notFound);
    expect((await responsesOf(first).retrieve(id)).id).toBe(id);
  });

  it('cannot be continued or referred to with another token', async () => {
    const { id, output } = await responsesOf(first).create({ model, input });
    const before = foreign.upstream.requests.length;
    await expect(stranger.responses.create({ model, input, previous_response_id: id })).rejects.toMatchObject(
      {
        status: 400,
        code: 'previous_response_not_found',
        message: expect.stringContaining(`Previous response with id '${id}' not found.`) as string,
      },
    );
    const reference = { type: 'item_reference', id: output[0]!.id! } as const;
    await expect(stranger.responses.create({ model, input: [reference] })).rejects.toMatchObject({
      status: 404,
      param: 'input',
    });
    expect(foreign.upstream.requests).toHaveLength(before);
  });

  it('cannot be cancelled with another token while it runs', async () => {
    const answer = sayByHand();
    first.upstream.use(answer.script);
    const { id } = await responsesOf(first).create({ model, input, background: true });
    await answer.asked;
    await expect(stranger.responses.cancel(id)).rejects.toMatchObject({ status: 404 });
    const stream = await responsesOf(first).retrieve(id, { stream: true });
    answer.say('Hello');
    answer.end();
    expect((await Array.fromAsync(stream)).at(-1)).toMatchObject({ type: 'response.completed' });
  });
});

describe('two gateways with one store', () => {
  it('continue each other’s responses', async () => {
    first.upstream.use(say('Bern.'));
    const one = await responsesOf(first).create({ model, input: 'Capital of Switzerland?' });
    second.upstream.use(say('Paris.'));
    const two = await responsesOf(second).create({
      model,
      input: 'And of France?',
      previous_response_id: one.id,
    });
    await responsesOf(first).create({ model, input: 'Thanks.', previous_response_id: two.id });
    const said = first.upstream.requests.at(-1)!.body.input.map(({ content }) => content?.[0]?.text);
    expect(said).toEqual(['Capital of Switzerland?', 'Bern.', 'And of France?', 'Paris.', 'Thanks.']);
  });

  it('write at the same time and lose nothing', async () => {
    const gateways = Array.from({ length: 16 }, (_, index) => (index % 2 === 0 ? first : second));
    const created = await Promise.all(
      gateways.map((gateway, index) =>
        responsesOf(gateway).create({ model, input: `Number ${index}.`, metadata: { index: String(index) } }),
      ),
    );
    expect(new Set(created.map(({ id }) => id)).size).toBe(gateways.length);
    const read = await Promise.all(
      created.map(({ id }, index) => responsesOf(gateways[(index + 1) % gateways.length]!).retrieve(id)),
    );
    expect(read.map(({ metadata }) => metadata!.index)).toEqual(gateways.map((_, index) => String(index)));
    expect(read.every(({ output_text: text }) => text === 'Hello.')).toBe(true);
  });

  it('see each other’s running responses and can stop them', async () => {
    const answer = sayByHand();
    first.upstream.use(answer.script);
    const { id } = await responsesOf(first).create({ model, input, background: true });
    await answer.asked;
    expect(['queued', 'in_progress']).toContain((await responsesOf(second).retrieve(id)).status);
    await expect(responsesOf(second).retrieve(id, { stream: true })).rejects.toMatchObject({
      status: 400,
      param: 'stream',
    });
    await expect(
      responsesOf(second).create({ model, input, previous_response_id: id }),
    ).rejects.toMatchObject({ status: 400, param: 'previous_response_id' });

    expect(await responsesOf(second).cancel(id)).toMatchObject({ status: 'cancelled' });
    answer.say('Hello');
    answer.end();
    // The other finds out at the end of its work.
    await Array.fromAsync(await responsesOf(first).retrieve(id, { stream: true }));
    for (const gateway of [first, second]) {
      const events = await Array.fromAsync(await responsesOf(gateway).retrieve(id, { stream: true }));
      expect(events.at(-1)).toMatchObject({ response: { status: 'cancelled' } });
      expect(await responsesOf(gateway).retrieve(id)).toMatchObject({ status: 'cancelled' });
    }
  });
});

it('nothing is stored when the store is off, and the client is informed', async () => {
  const forgetful = await startTestGateway({ config: { store: false } });
  try {
    const asked = forgetful.client.responses.create({ model, input, store: true });
    const { data, response } = await asked.withResponse();
    expect(data).toMatchObject({ store: false, output_text: 'Hello.' });
    expect(response.headers.get('x-codex-gateway-ignored')).toBe('store');
    await expect(forgetful.client.responses.retrieve(data.id)).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining("the setting 'store' is off") as string,
    });
    const next = { model, input, previous_response_id: data.id };
    await expect(forgetful.client.responses.create(next)).rejects.toMatchObject({
      status: 400,
      code: 'previous_response_not_found',
    });
    await expect(forgetful.client.responses.create({ model, input, background: true })).rejects.toMatchObject(
      { status: 400, param: 'background' },
    );
    const plain = await forgetful.client.responses.create({ model, input }).withResponse();
    expect(plain.response.headers.get('x-codex-gateway-ignored')).toBeNull();
  } finally {
    await forgetful.close();
  }
});
