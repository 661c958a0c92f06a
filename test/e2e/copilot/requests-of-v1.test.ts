import type OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startCopilotGateway, type CopilotGateway } from '../../support/copilot/copilot-fakes.ts';
import { inOrder } from '../../support/upstream-answers.ts';
import { say, sendItem } from '../../support/upstream.ts';

let gateway: CopilotGateway;
let client: OpenAI;
let model: string;
beforeAll(async () => {
  gateway = await startCopilotGateway();
  gateway.copilot.models = [
    ...gateway.copilot.models,
    { id: 'gpt-plain', supported_endpoints: ['/responses'], capabilities: { type: 'chat' } },
  ];
  ({ client } = gateway);
  const { data } = await client.models.list();
  model = data.find(({ id }) => id.startsWith('copilot/'))!.id;
});
afterAll(() => gateway.close());
beforeEach(() => {
  gateway.copilot.requests.length = 0;
});

const messages: OpenAI.ChatCompletionMessageParam[] = [
  { role: 'user', content: 'How is the weather in Bern?' },
];
const parameters = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const call = { type: 'function_call', call_id: 'call_1', name: 'get_weather', arguments: '{"city":"Bern"}' };
const REPORT = {
  type: 'object',
  properties: { sunny: { type: 'boolean' } },
  required: ['sunny'],
  additionalProperties: false,
};
const lastBody = () => gateway.copilot.responses.at(-1)!.body;
const sentInput = () => lastBody().input.map(({ type, role }) => role ?? type);

describe('the official SDK drives a model of Copilot', () => {
  it('by its details, whose path the SDK encodes', async () => {
    expect(await client.models.retrieve(model)).toMatchObject({ id: model, owned_by: 'OpenAI' });
  });

  it('by a response in the background', async () => {
    gateway.copilot.use(say('Fine.'));
    const { id } = await client.responses.create({ model, input: 'hi', background: true });
    const read = async () => (await client.responses.retrieve(id)).output_text;
    await expect.poll(read, { timeout: 10_000 }).toBe('Fine.');
  });

  it('by chat completions, streamed', async () => {
    gateway.copilot.use(say('Fine ', 'and ', 'sunny.'));
    const stream = client.chat.completions.stream({ model, messages });
    expect((await stream.finalChatCompletion()).choices[0]?.message.content).toBe('Fine and sunny.');
    const { usage } = await client.chat.completions.create({ model, messages });
    expect(usage).toMatchObject({ prompt_tokens: 11, completion_tokens: 7 });
  });

  it.each([true, false])('by tools over two trips, with stream: %s', async (stream) => {
    gateway.copilot.use(inOrder(sendItem(call), say('Sunny in Bern.')));
    const tools: OpenAI.ChatCompletionTool[] = [
      { type: 'function', function: { name: 'get_weather', description: 'Weather', parameters } },
    ];
    const ask = async (conversation: OpenAI.ChatCompletionMessageParam[]) => {
      const body = { model, messages: conversation, tools };
      const answer = stream
        ? await client.chat.completions.stream(body).finalChatCompletion()
        : await client.chat.completions.create(body);
      return answer.choices[0]!;
    };
    const first = await ask(messages);
    expect(first.finish_reason).toBe('tool_calls');
    const [called] = first.message.tool_calls!;
    expect(called).toMatchObject({ function: { name: 'get_weather', arguments: '{"city":"Bern"}' } });
    const result = { role: 'tool', tool_call_id: called!.id, content: 'sunny' } as const;
    const second = await ask([...messages, first.message, result]);
    expect(second.message.content).toBe('Sunny in Bern.');
    expect(lastBody().tools).toMatchObject([{ type: 'function', name: 'get_weather' }]);
    expect(sentInput()).toEqual(['user', 'function_call', 'function_call_output']);
  });

  it('by a JSON schema, which Copilot enforces', async () => {
    gateway.copilot.use(say('{"sunny":true}'));
    const answer = await client.chat.completions.parse({
      model,
      messages,
      response_format: { type: 'json_schema', json_schema: { name: 'report', strict: true, schema: REPORT } },
    });
    expect(answer.choices[0]?.message.parsed).toEqual({ sunny: true });
    expect(lastBody()).toMatchObject({ text: { format: { type: 'json_schema', schema: REPORT } } });
  });

  it('by Responses, whose conversation goes on by previous_response_id', async () => {
    gateway.copilot.use(inOrder(sendItem(call), say('Sunny in Bern.'), say('You are welcome.')));
    const tools: OpenAI.Responses.Tool[] = [
      { type: 'function', name: 'get_weather', description: 'Weather', parameters, strict: true },
    ];
    const first = await client.responses.create({ model, input: 'How is the weather in Bern?', tools });
    expect(first.output).toMatchObject([{ type: 'function_call', call_id: 'call_1' }]);
    expect(first.model).toBe(model);
    const stream = client.responses.stream({
      model,
      previous_response_id: first.id,
      input: [{ type: 'function_call_output', call_id: 'call_1', output: 'sunny' }],
      tools,
    });
    const second = await stream.finalResponse();
    expect(second.output_text).toBe('Sunny in Bern.');
    const third = await client.responses.create({
      model,
      previous_response_id: second.id,
      input: 'Thanks!',
      tools,
    });
    expect(third.output_text).toBe('You are welcome.');
    expect(sentInput()).toEqual(['user', 'function_call', 'function_call_output', 'assistant', 'user']);
  });

  it('by text completions', async () => {
    gateway.copilot.use(say('Once upon a time.'));
    const { choices } = await client.completions.create({ model, prompt: 'Tell' });
    expect(choices[0]?.text).toBe('Once upon a time.');
  });

  it('by counts of input tokens, without a request to Copilot', async () => {
    const { input_tokens: count } = await client.responses.inputTokens.count({
      model,
      input: 'How are you?',
    });
    expect(count).toBeGreaterThan(2);
    expect(gateway.copilot.responses).toEqual([]);
  });
});

describe('options of a request', () => {
  it('an image is sent, and Copilot hears of it', async () => {
    gateway.copilot.use(say('A dot.'));
    const url =
      'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    await client.chat.completions.create({
      model,
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
    });
    expect(gateway.copilot.responses[0]?.text).toContain(url);
    expect(gateway.copilot.responses[0]?.headers['copilot-vision-request']).toBe('true');
  });

  it('an effort that Copilot lists is sent, and another becomes the nearest', async () => {
    gateway.copilot.use(say('x'));
    await client.chat.completions.create({ model, messages, reasoning_effort: 'low' });
    expect(lastBody()).toMatchObject({ reasoning: { effort: 'low' } });
    const answer = await gateway.post({ model, messages, reasoning_effort: 'xhigh' });
    expect(answer.headers.get('x-codex-gateway-adjusted')).toBe('reasoning_effort=xhigh->high');
    expect(lastBody()).toMatchObject({ reasoning: { effort: 'high' } });
    await client.chat.completions.create({ model: `${model}-medium`, messages });
    expect(lastBody()).toMatchObject({ model: 'gpt-5.5', reasoning: { effort: 'medium' } });
  });

  it('a model without efforts is not asked to sum up its reasoning', async () => {
    gateway.copilot.use(say('x'));
    await client.chat.completions.create({ model: 'copilot/gpt-plain', messages });
    expect(lastBody()).toMatchObject({ model: 'gpt-plain' });
    expect(lastBody().reasoning).toEqual({});
    await client.chat.completions.create({ model, messages });
    expect(lastBody()).toMatchObject({ reasoning: { summary: 'auto' } });
  });

  it('a web search and a service tier, which Copilot does not have, are left out with a notice', async () => {
    gateway.copilot.use(say('x'));
    const answer = await gateway.post({ model, messages, web_search_options: {}, service_tier: 'priority' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-codex-gateway-adjusted')).toContain('service_tier=priority->default');
    expect(lastBody()).not.toHaveProperty('service_tier');
    expect(lastBody().tools ?? []).toEqual([]);
  });
});

describe('to Copilot', () => {
  const question = [{ role: 'user', content: 'hi' }];
  const tool = {
    type: 'function',
    function: { name: 'add', parameters: { type: 'object', properties: { a: { type: 'number' } } } },
  };
  const added = { type: 'function_call', call_id: 'call_1', name: 'add', arguments: '{"a":1}' };

  async function post(body: object): Promise<void> {
    const response = await gateway.post({ model: 'copilot/gpt-5.5', messages: question, ...body });
    expect(response.status).toBe(200);
  }

  const initiators = () => gateway.copilot.responses.map(({ headers }) => headers['x-initiator']);

  it('a question of a client is a request of the user', async () => {
    gateway.copilot.use(say('Hello.'));
    await post({});
    expect(initiators()).toEqual(['user']);
  });

  it('so is one that asks for JSON, and the repair that the gateway asks for is a request of an agent', async () => {
    gateway.copilot.use(inOrder(say('no JSON'), say('{"a":1}')));
    await post({ response_format: { type: 'json_object' } });
    expect(initiators()).toEqual(['user', 'agent']);
  });

  it('a call that the gateway has to ask for is a request of an agent', async () => {
    gateway.copilot.use(inOrder(say('I would rather not.'), say('{"name":"add","arguments":{"a":1}}')));
    await post({ tools: [tool], tool_choice: 'required' }).catch(() => {});
    expect(initiators().slice(0, 2)).toEqual(['user', 'agent']);
  });

  it('of several answers to one question, one is a request of the user', async () => {
    gateway.copilot.use(say('Hello.'));
    await post({ n: 3 });
    expect(initiators().filter((initiator) => initiator === 'user')).toHaveLength(1);
    expect(initiators().filter((initiator) => initiator === 'agent')).toHaveLength(2);
  });

  it('the results of tools are sent by an agent, on the thread of the call and on a new one', async () => {
    gateway.copilot.use(inOrder(sendItem(added), say('1')));
    await post({ tools: [tool] });
    const called = {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'add', arguments: '{"a":1}' } }],
    };
    const result = { role: 'tool', tool_call_id: 'call_1', content: '1' };
    await post({ tools: [tool], messages: [...question, called, result] });
    expect(initiators()).toEqual(['user', 'agent']);
    gateway.copilot.use(say('1'));
    await post({ tools: [tool], messages: [{ role: 'user', content: 'another' }, called, result] });
    expect(initiators()).toEqual(['user', 'agent', 'agent']);
    await post({ messages: [...question, called, result, { role: 'user', content: 'thanks' }] });
    expect(initiators().at(-1)).toBe('user');
  });

  it('a summary of a conversation is a request of an agent', async () => {
    gateway.copilot.use(say('We said hello.'));
    const response = await gateway.fetch('/v1/responses/compact', {
      method: 'POST',
      body: JSON.stringify({ model: 'copilot/gpt-5.5', input: 'hi' }),
    });
    expect(response.status).toBe(200);
    expect(initiators()).toEqual(['agent']);
  });

  it('the metadata of its turns stay on the machine', async () => {
    gateway.copilot.use(say('hi'));
    await post({});
    const [request] = gateway.copilot.responses;
    expect(JSON.stringify([request?.headers, request?.body])).not.toContain('x-codex-turn-metadata');
    expect(gateway.log.lines.join('\n')).toContain('client_metadata.x-codex-turn-metadata');
  });
});
