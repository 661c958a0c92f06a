import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Agent,
  OpenAIProvider,
  Runner,
  setTracingDisabled,
  tool,
  getGlobalTraceProvider,
} from '@openai/agents';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, Output } from 'ai';
import OpenAI from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ask } from '../support/ask.ts';
import { askResponse } from '../support/ask-response.ts';
import { askWithTools, functionTool } from '../support/ask-with-tools.ts';
import { TOKEN } from '../support/gateway.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

// Its timer would tick on in the files after this one.
afterAll(() => getGlobalTraceProvider().shutdown());

const gateway = useTestGateway({
  demo: true,
  // A proxy that is not there and a configuration that would stop any start: the demo reads neither.
  environment: { HTTP_PROXY: 'http://127.0.0.1:9', http_proxy: 'http://127.0.0.1:9' },
  codexConfig: () => 'not = [valid',
  prepare: (codexHome) => writeFileSync(join(codexHome, 'auth.json'), '{"OPENAI_API_KEY":"sk-user"}'),
});

setTracingDisabled(true);
globalThis.AI_SDK_LOG_WARNINGS = false;

const WAYS = ['whole', 'streamed'] as const;
const prompt = (content: string) => [{ role: 'user' as const, content }];
const place = () => ({ baseURL: `${gateway.running.origin}/v1`, apiKey: TOKEN });

/** Everything that a schema for strict structured output can say. */
const PERSON = z.object({
  name: z.string(),
  role: z.enum(['admin', 'user']),
  age: z.number().int().min(18).max(120),
  email: z.email(),
  born: z.iso.date(),
  tags: z.array(z.string()).min(2),
  nickname: z.string().nullable(),
});
const CITY = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const WEATHER = functionTool('get_weather', CITY);

it('lists one model and answers with it, as one object and streamed', async () => {
  const { data } = await gateway.client.models.list();
  expect(data.map(({ id, owned_by }) => [id, owned_by])).toEqual([['demo', 'demo']]);
  const question = { model: 'demo', messages: prompt('Hi there') };
  const completion = await gateway.client.chat.completions.create(question);
  expect(completion.choices[0]!.message.content).toMatch(/^This is the demo model.* You said: Hi there$/);
  expect(completion.usage).toMatchObject({ prompt_tokens: 2 });
  const stream = gateway.client.chat.completions.stream(question);
  expect(await stream.finalContent()).toBe(completion.choices[0]!.message.content);
});

it('accepts any model id and repeats it in the answer', async () => {
  const { model, choices } = await gateway.client.chat.completions.create({
    model: 'gpt-4o',
    messages: prompt('Hi'),
  });
  expect([model, choices[0]!.message.content]).toEqual(['gpt-4o', expect.stringContaining('You said: Hi')]);
  expect((await gateway.client.responses.create({ model: 'claude', input: 'Hi' })).model).toBe('claude');
});

it('uses no login and sends no request to a provider', () => {
  expect(gateway.running.login).toEqual({ type: 'not-needed' });
  expect(gateway.upstream.requests).toEqual([]);
});

describe('structured output', () => {
  it('follows the schema of parse(), in chats and responses', async () => {
    const chat = await gateway.client.chat.completions.parse({
      model: 'demo',
      messages: prompt('Who?'),
      response_format: zodResponseFormat(PERSON, 'person'),
    });
    expect(chat.choices[0]!.message.parsed).toMatchObject({ name: 'sample name', role: 'admin', age: 18 });
    const response = await gateway.client.responses.parse({
      model: 'demo',
      input: 'Who?',
      text: { format: zodTextFormat(PERSON, 'person') },
    });
    expect(response.output_parsed).toEqual(chat.choices[0]!.message.parsed);
  });

  it.each(WAYS)('follows a schema that can only be described in the prompt, %s', async (way) => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'integer', minimum: 7 } },
      additionalProperties: {},
    };
    const { said } = await ask(gateway, way, {
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema } },
    });
    expect(JSON.parse(said[0]!.content)).toEqual({ a: 7 });
  });

  it.each(WAYS)('is valid JSON for json_object, %s', async (way) => {
    const { said } = await ask(gateway, way, { response_format: { type: 'json_object' } });
    expect(JSON.parse(said[0]!.content)).toEqual({ answer: expect.stringContaining('You said: hello') });
  });

  it('is parsed into an object by each provider of the AI SDK', async () => {
    const models = [
      createOpenAI(place())('gpt-5.5'),
      createOpenAI(place()).chat('gpt-5.5'),
      createOpenAICompatible({ name: 'demo', supportsStructuredOutputs: true, ...place() })('gpt-5.5'),
    ];
    for (const model of models) {
      const { output } = await generateText({
        model,
        prompt: 'Who?',
        output: Output.object({ schema: PERSON }),
      });
      expect(output).toMatchObject({ name: 'sample name', role: 'admin', age: 18 });
    }
  });
});

describe('a tool', () => {
  it.each(WAYS)('that the prompt names is called once and its result repeated, %s', async (way) => {
    const messages = prompt('What is the weather? Ask get_weather.');
    const body = { model: 'demo', messages, tools: [functionTool('look'), WEATHER] };
    const { message, finishReason } = await askWithTools(gateway, body, way);
    expect(finishReason).toBe('tool_calls');
    expect(message.tool_calls).toMatchObject([
      { function: { name: 'get_weather', arguments: '{"city":"sample city"}' } },
    ]);
    const [{ id }] = message.tool_calls as [{ id: string }];
    const result = { role: 'tool', tool_call_id: id, content: '20 degrees' };
    const next = await askWithTools(gateway, { ...body, messages: [...messages, message, result] }, way);
    expect([next.finishReason, next.message.content]).toEqual([
      'stop',
      expect.stringMatching(/The tool returned: 20 degrees$/),
    ]);
  });

  it.each(['Use a tool, please.', 'Which tool can you call?'])(
    'is called for the prompt: %s',
    async (text) => {
      const { message } = await askWithTools(gateway, {
        model: 'demo',
        messages: prompt(text),
        tools: [WEATHER],
      });
      expect(message.tool_calls).toMatchObject([{ function: { name: 'get_weather' } }]);
    },
  );

  it('is not called when the prompt does not ask for it', async () => {
    const { message } = await askWithTools(gateway, {
      model: 'demo',
      messages: prompt('Hi'),
      tools: [WEATHER],
    });
    expect(message.tool_calls).toBeUndefined();
  });

  it.each([
    ['any', 'required'],
    ['one', { type: 'function', function: { name: 'get_weather' } }],
  ])('is called when the request requires %s', async (_what, tool_choice) => {
    const body = { model: 'demo', messages: prompt('Hi'), tools: [WEATHER], tool_choice };
    const { message } = await askWithTools(gateway, body);
    expect(message.tool_calls).toMatchObject([
      { function: { name: 'get_weather', arguments: '{"city":"sample city"}' } },
    ]);
  });

  it('gets arguments within the bounds of its schema', async () => {
    const bounded = { type: 'object', properties: { days: { type: 'integer', minimum: 3, maximum: 5 } } };
    const tools = [functionTool('forecast', bounded)];
    const { message } = await askWithTools(gateway, {
      model: 'demo',
      messages: prompt('A forecast!'),
      tools,
    });
    expect(message.tool_calls).toMatchObject([{ function: { arguments: '{"days":3}' } }]);
  });

  it('is called when it is a custom tool or is passed on unchanged', async () => {
    const custom = { type: 'custom', name: 'paint' };
    const input = 'Use the tool.';
    const text = await askResponse(gateway, { model: 'demo', input, tools: [custom] });
    expect(text.response!.output).toMatchObject([{ type: 'custom_tool_call', name: 'paint' }]);
    const grammar = { ...custom, format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' } };
    const raw = await askResponse(gateway, { model: 'demo', input, tools: [grammar] });
    expect(raw.response!.output).toMatchObject([{ type: 'custom_tool_call', name: 'paint' }]);
    const group = {
      type: 'namespace',
      name: 'files',
      description: '',
      tools: [{ type: 'function', name: 'read', parameters: CITY }],
    };
    const grouped = await askResponse(gateway, { model: 'demo', input, tools: [group] });
    expect(grouped.response!.output).toMatchObject([
      { type: 'function_call', name: 'read', namespace: 'files' },
    ]);
  });

  it.each([true, false])(
    'works in an agent that has an output type, by responses: %s',
    async (useResponses) => {
      const openAIClient = new OpenAI(place());
      const runner = new Runner({ modelProvider: new OpenAIProvider({ openAIClient, useResponses }) });
      const cities: string[] = [];
      const agent = new Agent({
        name: 'Forecaster',
        model: 'gpt-5.5',
        outputType: PERSON,
        tools: [
          tool({
            name: 'get_weather',
            description: 'The weather in a city.',
            parameters: z.object({ city: z.string() }),
            execute({ city }) {
              cities.push(city);
              return '20 degrees';
            },
          }),
        ],
      });
      const { finalOutput } = await runner.run(agent, 'Use get_weather.');
      expect(cities).toEqual(['sample city']);
      expect(finalOutput).toMatchObject({ name: 'sample name' });
    },
  );
});

describe('reasoning', () => {
  it.each(WAYS)('is shown when an effort is requested, %s', async (way) => {
    const { said } = await ask(gateway, way, { model: 'demo', reasoning_effort: 'high' });
    expect(said[0]).toMatchObject({
      reasoning: expect.stringContaining("the effort 'high'"),
      content: expect.stringContaining('You said: hello'),
    });
    const plain = await ask(gateway, way, { model: 'demo' });
    expect(plain.said[0]!.reasoning).toBe('');
  });

  it('is an item of a response that requests its summary', async () => {
    const reasoning = { effort: 'low', summary: 'auto' };
    const { response } = await askResponse(gateway, { model: 'demo', reasoning });
    expect(response!.output).toMatchObject([
      { type: 'reasoning', summary: [{ text: expect.stringContaining("the effort 'low'") }] },
      { type: 'message' },
    ]);
    expect(response!.usage!.output_tokens_details.reasoning_tokens).toBeGreaterThan(0);
  });
});

it('the console shows the demo’s models and settings, and leaves the config file alone', async () => {
  const shown = await (await gateway.fetch('/console/models')).json();
  expect(shown).toMatchObject({ models: [{ id: 'demo' }], own: [], is_complete: false });
  const { file } = shown as { readonly file: { readonly version: string; readonly problem: string } };
  expect(file.problem).toMatch(/^The demo has its own model and leaves the config file alone\./);
  const { version } = file;
  for (const [path, body] of [
    ['models', { version, entry: { id: 'x', model: 'demo' } }],
    ['settings', { version, key: 'verbosity', value: 'low' }],
  ] as const) {
    const answer = await gateway.fetch(`/console/${path}`, { method: 'POST', body: JSON.stringify(body) });
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status: 409,
      body: { error: { code: 'config_not_writable', message: file.problem } },
    });
  }
});
