import type { ResponseInputItem } from 'openai/resources/responses/responses';
import { expect, it } from 'vitest';
import { sayReasoning, searchAndSay } from '../support/upstream-answers.ts';
import { refuse } from '../support/upstream.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway({ config: { keepAlive: { comment: 0.01, heartbeat: 0.01 } } });

it.each(['gpt-5.5', 'gpt-6-sol'])(
  'reasoning of %s is sent back upstream as the provider gave it',
  async (model) => {
    gateway.upstream.use(sayReasoning([['First this.', 'Then that.']], 'So.'));
    const first = await gateway.client.responses.create({
      model,
      input: 'Think.',
      store: false,
      reasoning: { summary: 'auto' },
      include: ['reasoning.encrypted_content'],
    });
    expect(first.output).toMatchObject([
      {
        type: 'reasoning',
        id: 'rs_0',
        summary: [{ text: 'First this.' }, { text: 'Then that.' }],
        encrypted_content: 'x',
      },
      { type: 'message', content: [{ text: 'So.' }] },
    ]);
    const said = first.output as ResponseInputItem[];
    await gateway.client.responses.create({
      model,
      store: false,
      input: [...said, { role: 'user', content: 'Again.' }],
    });
    const thought = gateway.upstream.requests.at(-1)?.body.input.find(({ type }) => type === 'reasoning');
    expect(thought).toMatchObject({ id: 'rs_0', encrypted_content: 'x' });
  },
);

it.each(['gpt-5.5', 'gpt-6-sol'])('search results of %s are cited in its message', async (model) => {
  const found = { url: 'https://example.com/bern', title: 'Bern', start: 0, end: 4 };
  gateway.upstream.use(searchAndSay('Bern is the capital 🇨🇭.', [found]));
  const { output } = await gateway.client.responses.create({
    model,
    input: 'Capital?',
    tools: [{ type: 'web_search' }],
  });
  expect(output.map(({ type }) => type)).toEqual(['web_search_call', 'message']);
  expect(output.at(-1)).toMatchObject({
    type: 'message',
    content: [{ annotations: [{ type: 'url_citation', url: found.url, start_index: 0, end_index: 4 }] }],
  });
});

it('sends signs of life before any answer, and then reports a failure within the stream', async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  gateway.upstream.use(async (request, response) => {
    await promise;
    await refuse(400, { error: { message: 'No.', type: 'invalid_request_error' } })(request, response);
  });
  const types: string[] = [];
  const read = async () => {
    const stream = await gateway.client.responses.create({ model: 'gpt-5.5', input: 'Hi.', stream: true });
    for await (const { type } of stream as AsyncIterable<{ readonly type: string }>) {
      types.push(type);
      if (type === 'keepalive') resolve(undefined);
    }
  };
  await expect(read()).rejects.toThrow('No.');
  expect(types.slice(0, 3)).toEqual(['response.created', 'response.in_progress', 'keepalive']);
});
