import OpenAI from 'openai';
import { zodFunction, zodResponseFormat } from 'openai/helpers/zod';
import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import { beforeAll, describe, expect, it } from 'vitest';
import { TOKEN } from '../support/gateway.ts';
import { formatOf, offeredTools, outputsOf, sayFormatted } from '../support/upstream-tools.ts';
import { breakOff, say } from '../support/upstream.ts';
import * as weather from '../support/weather.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();
let client: OpenAI;
beforeAll(() => {
  client = new OpenAI({ baseURL: `${gateway.running.origin}/v1`, apiKey: TOKEN });
});

const TOOL = { type: 'function' as const, function: { ...weather.TOOL, parameters: weather.CITY_SCHEMA } };
const RUNNABLE = zodFunction({ ...weather.TOOL, parameters: weather.CITY, function: weather.weatherIn });

/** Returns the arguments of each call, raw or as parsed by the SDK. */
const functionsOf = (calls: readonly OpenAI.ChatCompletionMessageToolCall[] | undefined) =>
  calls?.map((call) => (call.type === 'function' ? call.function : undefined));

const lastRequest = () => gateway.upstream.requests.at(-1)!;

describe.each(['gpt-5.5', 'gpt-6-sol'])('the openai SDK on %s', (model) => {
  const messages: ChatCompletionMessageParam[] = [{ role: 'user', content: weather.QUESTION }];

  it('gets a text', async () => {
    gateway.upstream.use(say('Hel', 'lo'));
    const { choices, usage } = await client.chat.completions.create({ model, messages });
    expect(choices[0]!.message.content).toBe('Hello');
    expect(usage!.total_tokens).toBe(18);
  });

  it('reads a stream, raw and through its helper', async () => {
    gateway.upstream.use(say('Hel', 'lo'));
    const stream = await client.chat.completions.create({ model, messages, stream: true });
    const chunks = await Array.fromAsync(stream);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('Hello');
    expect(await client.chat.completions.stream({ model, messages }).finalContent()).toBe('Hello');
  });

  it('calls one tool after the other without its runner', async () => {
    gateway.upstream.use(weather.oneByOne);
    const history = [...messages];
    const ask = async () => {
      const { choices } = await client.chat.completions.create({ model, messages: history, tools: [TOOL] });
      return choices[0]!;
    };
    let choice = await ask();
    for (const city of ['Berlin', 'Paris']) {
      expect(choice).toMatchObject({
        finish_reason: 'tool_calls',
        message: { role: 'assistant', content: null },
      });
      const [call, ...others] = choice.message.tool_calls!;
      expect(others).toEqual([]);
      expect(call).toMatchObject({ function: { name: 'get_weather', arguments: JSON.stringify({ city }) } });
      history.push(choice.message, {
        role: 'tool',
        tool_call_id: call!.id,
        content: weather.weatherIn({ city }),
      });
      choice = await ask();
    }
    expect(choice).toMatchObject({ finish_reason: 'stop', message: { content: weather.ANSWER } });
    expect(choice.message).not.toHaveProperty('tool_calls');
    expect(offeredTools(lastRequest())).toEqual(['get_weather']);
    expect(outputsOf(lastRequest())).toEqual(weather.OUTPUTS);
  });

  it.each([
    ['one after the other', weather.oneByOne],
    ['in parallel', weather.sideBySide],
  ])('runs tools %s with its runner, streamed and not', async (_name, script) => {
    gateway.upstream.use(script);
    const body = { model, messages, tools: [RUNNABLE] };
    expect(await client.chat.completions.runTools(body).finalContent()).toBe(weather.ANSWER);
    expect(outputsOf(lastRequest())).toEqual(weather.OUTPUTS);
    const streamed = client.chat.completions.runTools({ ...body, stream: true });
    expect(await streamed.finalContent()).toBe(weather.ANSWER);
    expect(outputsOf(lastRequest())).toEqual(weather.OUTPUTS);
  });

  it('assembles the calls of a stream', async () => {
    gateway.upstream.use(weather.sideBySide);
    const stream = client.chat.completions.stream({ model, messages, tools: [TOOL] });
    const { message, finish_reason: reason } = (await stream.finalChatCompletion()).choices[0]!;
    expect(reason).toBe('tool_calls');
    expect(functionsOf(message.tool_calls)).toMatchObject([
      { name: 'get_weather', arguments: '{"city":"Berlin"}' },
      { name: 'get_weather', arguments: '{"city":"Paris"}' },
    ]);
    expect(new Set(message.tool_calls!.map(({ id }) => id)).size).toBe(2);
  });

  it('parses an answer that follows a schema, streamed and not', async () => {
    gateway.upstream.use(sayFormatted(weather.REPORTED));
    const body = { model, messages, response_format: zodResponseFormat(weather.REPORT, 'report') };
    const { choices } = await client.chat.completions.parse(body);
    expect(choices[0]!.message.parsed).toEqual(weather.REPORTED);
    expect(formatOf(lastRequest())).toMatchObject({ type: 'json_schema', strict: true });
    const streamed = await client.chat.completions.stream(body).finalChatCompletion();
    expect(streamed.choices[0]!.message.parsed).toEqual(weather.REPORTED);
  });

  it('parses the arguments of function calls', async () => {
    gateway.upstream.use(weather.sideBySide);
    const { choices } = await client.chat.completions.parse({ model, messages, tools: [RUNNABLE] });
    expect(functionsOf(choices[0]!.message.tool_calls)).toMatchObject([
      { parsed_arguments: { city: 'Berlin' } },
      { parsed_arguments: { city: 'Paris' } },
    ]);
  });

  it('gets text completions, streamed and not, for one prompt and for several', async () => {
    gateway.upstream.use(say('Hel', 'lo'));
    const { choices, usage } = await client.completions.create({ model, prompt: 'a' });
    expect(choices).toMatchObject([{ text: 'Hello', finish_reason: 'stop' }]);
    expect(usage!.total_tokens).toBe(18);

    const stream = await client.completions.create({ model, prompt: ['a', 'b'], stream: true });
    const texts = ['', ''];
    for await (const chunk of stream) for (const { index, text } of chunk.choices) texts[index] += text;
    expect(texts).toEqual(['Hello', 'Hello']);
  });

  it('raises an error that comes in the middle of a stream', async () => {
    gateway.upstream.use(breakOff('partial'));
    const stream = await client.chat.completions.create({ model, messages, stream: true });
    await expect(Array.fromAsync(stream)).rejects.toThrow('broke off');
  });
});

it('the openai SDK raises its own errors for chat completions and models', async () => {
  const messages = [{ role: 'user' as const, content: weather.QUESTION }];
  const unknown = client.chat.completions.create({ model: 'gpt-unknown', messages });
  await expect(unknown).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  await expect(unknown).rejects.toMatchObject({ code: 'model_not_found', param: 'model' });
  const stranger = new OpenAI({ baseURL: client.baseURL, apiKey: 'wrong' });
  await expect(stranger.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
});

it.each<[what: string, call: () => Promise<unknown>]>([
  ['embeddings', () => client.embeddings.create({ model: 'text-embedding-3-small', input: 'x' })],
  ['moderations', () => client.moderations.create({ input: 'x' })],
  ['API for images', () => client.images.generate({ prompt: 'x' })],
  ['files', () => client.files.retrieve('file-1')],
])('the openai SDK gets a 404 that says Codex has no %s', async (what, call) => {
  const asked = call();
  await expect(asked).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  await expect(asked).rejects.toMatchObject({ status: 404, code: 'unknown_url' });
  await expect(asked).rejects.toThrow(
    `Codex has no ${what}. The page docs/api/endpoints.md of codex-gateway`,
  );
});

it.each(['', '/', '/v1/', '/v1/v1', '//v1'])(
  'the openai SDK works with a base URL that ends in %j',
  async (end) => {
    const elsewhere = new OpenAI({ baseURL: `${gateway.running.origin}${end}`, apiKey: TOKEN });
    gateway.upstream.use(say('Hello'));
    const { choices } = await elsewhere.chat.completions.create({
      model: 'gpt-5.5',
      messages: [{ role: 'user', content: weather.QUESTION }],
    });
    expect(choices[0]!.message.content).toBe('Hello');
    expect(await elsewhere.models.retrieve('gpt-5.5')).toMatchObject({ id: 'gpt-5.5' });
  },
);
