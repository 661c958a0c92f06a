import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions';
import type { ResponseInput, Tool } from 'openai/resources/responses/responses';
import { beforeEach, describe, expect, it } from 'vitest';
import { SMALL } from '../support/images.ts';
import { sayFormatted } from '../support/upstream-tools.ts';
import type { UpstreamItem, UpstreamRequest } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';
import * as weather from '../support/weather.ts';

const gateway = useSharedGateway();
beforeEach(() => gateway.upstream.use(sayFormatted(weather.REPORTED)));

const IMAGE = `data:image/png;base64,${SMALL.png.toString('base64')}`;
const CALL = { name: 'get_weather', arguments: '{"city":"Berlin"}' };

const MESSAGES: ChatCompletionMessageParam[] = [
  { role: 'system', content: 'Be brief.' },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'Where is this?' },
      { type: 'image_url', image_url: { url: IMAGE } },
    ],
  },
  { role: 'assistant', content: 'In Berlin.' },
  { role: 'user', content: 'How warm is it there?' },
  { role: 'assistant', content: null, tool_calls: [{ id: 'call_a', type: 'function', function: CALL }] },
  { role: 'tool', tool_call_id: 'call_a', content: '20 degrees' },
  { role: 'assistant', content: '20 degrees.' },
  { role: 'user', content: 'Tell it in a form.' },
];

const INPUT: ResponseInput = [
  { role: 'system', content: 'Be brief.' },
  {
    role: 'user',
    content: [
      { type: 'input_text', text: 'Where is this?' },
      { type: 'input_image', image_url: IMAGE, detail: 'auto' },
    ],
  },
  { role: 'assistant', content: 'In Berlin.' },
  { role: 'user', content: 'How warm is it there?' },
  { type: 'function_call', call_id: 'call_a', ...CALL },
  { type: 'function_call_output', call_id: 'call_a', output: '20 degrees' },
  { role: 'assistant', content: '20 degrees.' },
  { role: 'user', content: 'Tell it in a form.' },
];

const FUNCTION = { ...weather.TOOL, parameters: { ...weather.CITY_SCHEMA }, strict: true };
const CHAT_TOOLS: ChatCompletionTool[] = [{ type: 'function', function: FUNCTION }];
const TOOLS: Tool[] = [{ type: 'function', ...FUNCTION }];
const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' }, degrees: { type: 'number' } },
  required: ['city', 'degrees'],
  additionalProperties: false,
};
const FORMAT = { name: 'report', strict: true, schema: SCHEMA };

/** Returns the request to the provider without what differs from thread to thread. */
function askedOf({ body }: UpstreamRequest): object {
  const { input, prompt_cache_key: _key, client_metadata: _metadata, ...rest } = body;
  const items = input.map((item: UpstreamItem & { id?: string }) => {
    const { id: _id, ...said } = item;
    return said;
  });
  return { ...rest, input: items };
}

/** A thread that goes on holds the provider's own message, whose list of annotations is empty. */
function withoutAnnotations(part: object): object {
  const { annotations = [], ...rest } = part as { readonly annotations?: readonly unknown[] };
  expect(annotations).toEqual([]);
  return rest;
}

describe.each(['gpt-5.5', 'gpt-6-sol'])('chat completions and responses send %s the same items', (model) => {
  it('for a conversation with every kind of item', async () => {
    const { client, upstream } = gateway;
    await client.chat.completions.create({
      model,
      messages: MESSAGES,
      tools: CHAT_TOOLS,
      response_format: { type: 'json_schema', json_schema: FORMAT },
      reasoning_effort: 'high',
      verbosity: 'low',
      service_tier: 'priority',
      parallel_tool_calls: false,
    });
    const response = await client.responses.create({
      model,
      input: INPUT,
      tools: TOOLS,
      text: { format: { type: 'json_schema', ...FORMAT }, verbosity: 'low' },
      reasoning: { effort: 'high', summary: 'auto' },
      service_tier: 'priority',
      parallel_tool_calls: false,
    });
    expect(JSON.parse(response.output_text)).toEqual(weather.REPORTED);
    const [chat, responses] = upstream.requests.map(askedOf);
    expect(upstream.requests).toHaveLength(2);
    expect(responses).toEqual(chat);
  });

  it('when a response continues another by its id', async () => {
    const { client, upstream } = gateway;
    const first = await client.responses.create({ model, input: 'Hello?' });
    await client.responses.create({ model, input: 'And then?', previous_response_id: first.id });
    await client.chat.completions.create({
      model,
      messages: [
        { role: 'user', content: 'Hello?' },
        { role: 'assistant', content: first.output_text },
        { role: 'user', content: 'And then?' },
      ],
    });
    const [, responses, chat] = upstream.requests.map(({ body }) =>
      body.input.map(({ role, content }) => [role, content?.map(withoutAnnotations)]),
    );
    expect(responses).toEqual(chat);
  });
});
