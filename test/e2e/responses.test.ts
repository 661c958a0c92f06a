import { expect, it } from 'vitest';
import { say } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

it.each(['gpt-5.5', 'gpt-6-sol'])('answers a request of %s with one object', async (model) => {
  gateway.upstream.use(say('Hello', ' there.'));
  const response = await gateway.client.responses.create({ model, input: 'Hi.' });
  expect(response.output_text).toBe('Hello there.');
  expect(response).toMatchObject({ object: 'response', status: 'completed', model, error: null });
  expect(gateway.upstream.requests[0]?.body.input.at(-1)).toMatchObject({
    role: 'user',
    content: [{ type: 'input_text', text: 'Hi.' }],
  });
});

it.each(['gpt-5.5', 'gpt-6-sol'])('answers %s as a stream', async (model) => {
  gateway.upstream.use(say('Hello', ' there.'));
  const stream = gateway.client.responses.stream({ model, input: 'Hi.' });
  const types: string[] = [];
  for await (const event of stream) types.push(event.type);
  expect(types).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'response.output_text.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ]);
  expect((await stream.finalResponse()).output_text).toBe('Hello there.');
});

it('continues a stored response', async () => {
  gateway.upstream.use(say('Bern.'));
  const { client } = gateway;
  const first = await client.responses.create({ model: 'gpt-5.5', input: 'Capital of Switzerland?' });
  await client.responses.create({
    model: 'gpt-5.5',
    previous_response_id: first.id,
    input: 'And of France?',
  });
  const said = gateway.upstream.requests[1]?.body.input.map(({ content }) => content?.[0]?.text);
  expect(said).toEqual(['Capital of Switzerland?', 'Bern.', 'And of France?']);
  expect((await client.responses.retrieve(first.id)).output_text).toBe('Bern.');
});

it('lists the input items of a response', async () => {
  gateway.upstream.use(say('Bern.'));
  const { client } = gateway;
  const first = await client.responses.create({ model: 'gpt-5.5', input: 'Capital of Switzerland?' });
  const { id } = await client.responses.create({
    model: 'gpt-5.5',
    previous_response_id: first.id,
    input: 'And of France?',
  });
  const items = await client.responses.inputItems.list(id, { order: 'asc', limit: 2 });
  expect(items.data).toMatchObject([
    { type: 'message', role: 'user', content: [{ text: 'Capital of Switzerland?' }] },
    { id: first.output[0]?.id, role: 'assistant' },
  ]);
  const next = await items.getNextPage();
  expect(next.data).toMatchObject([{ role: 'user', content: [{ text: 'And of France?' }] }]);
  expect(next.hasNextPage()).toBe(false);
});
