import { createOpenAI, type OpenAILanguageModelResponsesOptions } from '@ai-sdk/openai';
import {
  APICallError,
  generateText,
  Output,
  stepCountIs,
  streamText,
  tool,
  type LanguageModel,
  type ModelMessage,
} from 'ai';
import { beforeAll, describe, expect, it } from 'vitest';
import { TOKEN } from '../support/gateway.ts';
import { inOrder, sayReasoning, thinkAndCall } from '../support/upstream-answers.ts';
import { formatOf, offeredTools, outputsOf, sayFormatted } from '../support/upstream-tools.ts';
import { breakOff, say } from '../support/upstream.ts';
import * as weather from '../support/weather.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();
let connect: (id: string) => LanguageModel;
beforeAll(() => {
  connect = createOpenAI({ baseURL: `${gateway.running.origin}/v1`, apiKey: TOKEN });
});

// It tells of what it does not do itself by warnings of the process.
globalThis.AI_SDK_LOG_WARNINGS = false;

const prompt = weather.QUESTION;
const tools = {
  get_weather: tool({
    description: weather.TOOL.description,
    inputSchema: weather.CITY,
    execute: weather.weatherIn,
  }),
};
const lastRequest = () => gateway.upstream.requests.at(-1)!;
/** Tells of what was sent. */
const include = { requestBody: true } as const;
const question: ModelMessage = { role: 'user', content: prompt };

const withOptions = (openai: OpenAILanguageModelResponsesOptions) => ({ providerOptions: { openai } });

/** Kinds of what the client itself has sent as the conversation, and roles of messages. */
function kindsOf({ body }: { readonly body?: unknown }): string[] {
  const { input } = body as { input: { type?: string; role?: string }[] };
  return input.map(({ type, role }) => role ?? type ?? '');
}

/** Kinds of what has reached the provider as the conversation, and roles of messages. */
const arrivedKinds = () =>
  lastRequest()
    .body.input.map(({ type, role }) => role ?? type ?? '')
    .filter((kind) => kind !== 'developer');

describe.each(['gpt-5.5', 'gpt-6-sol'])('the AI SDK with the OpenAI provider on %s', (id) => {
  let model: LanguageModel;
  beforeAll(() => {
    model = connect(id);
  });

  it('gets a text', async () => {
    gateway.upstream.use(say('Hel', 'lo'));
    const { text, finishReason, usage } = await generateText({ model, prompt });
    expect({ text, finishReason }).toEqual({ text: 'Hello', finishReason: 'stop' });
    expect(usage).toMatchObject({ inputTokens: 11, outputTokens: 7 });
  });

  it('reads a stream', async () => {
    gateway.upstream.use(say('Hel', 'lo'));
    const { textStream, finishReason, usage } = streamText({ model, prompt });
    expect(await Array.fromAsync(textStream)).toEqual(['Hel', 'lo']);
    expect(await finishReason).toBe('stop');
    expect(await usage).toMatchObject({ inputTokens: 11, outputTokens: 7 });
  });

  it.each([
    ['one after the other', weather.oneByOne, 3],
    ['in parallel', weather.sideBySide, 2],
  ])('runs tools %s, streamed and not', async (_name, script, steps) => {
    gateway.upstream.use(script);
    const asked = { model, prompt, tools, stopWhen: stepCountIs(5) };
    const whole = await generateText(asked);
    expect(whole.text).toBe(weather.ANSWER);
    expect(whole.steps).toHaveLength(steps);
    expect(whole.steps[0]!.finishReason).toBe('tool-calls');
    expect(outputsOf(lastRequest())).toEqual(weather.OUTPUTS);
    expect(offeredTools(lastRequest())).toEqual(['get_weather']);

    const streamed = streamText(asked);
    expect(await streamed.text).toBe(weather.ANSWER);
    expect(await streamed.steps).toHaveLength(steps);
    expect(outputsOf(lastRequest())).toEqual(weather.OUTPUTS);
  });

  it('shows reasoning and refers to it by id in the next turn', async () => {
    gateway.upstream.use(inOrder(sayReasoning([['One.', 'Two.']], 'First.'), say('Second.')));
    const options = withOptions({ reasoningSummary: 'auto' });
    const first = await generateText({ model, messages: [question], ...options });
    expect(first.reasoning).toMatchObject([{ text: 'One.' }, { text: 'Two.' }]);
    const messages = [question, ...first.response.messages, question];
    const second = await generateText({ model, messages, include, ...options });
    expect(second.text).toBe('Second.');
    expect(kindsOf(second.request)).toEqual(['user', 'item_reference', 'item_reference', 'user']);
    expect(arrivedKinds()).toEqual(['user', 'reasoning', 'assistant', 'user']);
    // Nobody has asked for it: without it, the provider could make nothing of the item.
    expect(lastRequest().body.input.find(({ type }) => type === 'reasoning')).toMatchObject({
      encrypted_content: 'x',
      summary: [{ text: 'One.' }, { text: 'Two.' }],
    });
  });

  it('keeps reasoning between its tool calls', async () => {
    const sealed = thinkAndCall('One.', { name: 'get_weather', arguments: { city: 'Berlin' } });
    gateway.upstream.use(inOrder(sealed, say('Cold.')));
    const { text, steps } = await generateText({ model, prompt, tools, include, stopWhen: stepCountIs(5) });
    expect(text).toBe('Cold.');
    expect(kindsOf(steps.at(-1)!.request)).toEqual([
      'user',
      'item_reference',
      'function_call',
      'function_call_output',
    ]);
    expect(arrivedKinds()).toEqual(['user', 'reasoning', 'function_call', 'function_call_output']);
    expect(lastRequest().body.input).toContainEqual(expect.objectContaining({ encrypted_content: 'x' }));
  });

  it('sends encrypted reasoning itself when nothing is stored', async () => {
    gateway.upstream.use(inOrder(sayReasoning([['One.']], 'First.'), say('Second.')));
    const options = withOptions({
      store: false,
      include: ['reasoning.encrypted_content'],
      reasoningSummary: 'auto',
    });
    const streamed = streamText({ model, messages: [question], ...options });
    const { messages } = await streamed.response;
    const second = await generateText({
      model,
      messages: [question, ...messages, question],
      include,
      ...options,
    });
    expect(kindsOf(second.request)).toEqual(['user', 'reasoning', 'assistant', 'user']);
    expect(arrivedKinds()).toEqual(['user', 'reasoning', 'assistant', 'user']);
    expect(lastRequest().body.input).toContainEqual(expect.objectContaining({ encrypted_content: 'x' }));
  });

  it('continues from a response by its id', async () => {
    gateway.upstream.use(inOrder(sayReasoning([['One.']], 'First.'), say('Second.')));
    const { providerMetadata } = await generateText({ model, prompt });
    const previousResponseId = providerMetadata!.openai!.responseId as string;
    await generateText({ model, prompt: 'And then?', ...withOptions({ previousResponseId }) });
    expect(arrivedKinds()).toEqual(['user', 'reasoning', 'assistant', 'user']);
  });

  it('gets an object that follows a schema, streamed and not', async () => {
    gateway.upstream.use(sayFormatted(weather.REPORTED));
    const asked = { model, prompt, output: Output.object({ schema: weather.REPORT }) };
    expect((await generateText(asked)).output).toEqual(weather.REPORTED);
    expect(formatOf(lastRequest())).toMatchObject({ type: 'json_schema', strict: true });
    expect(await streamText(asked).output).toEqual(weather.REPORTED);
  });

  it('raises an error for an unknown model and for a stream that breaks off', async () => {
    const unknown = generateText({ model: connect('gpt-unknown'), prompt });
    await expect(unknown).rejects.toBeInstanceOf(APICallError);
    await expect(unknown).rejects.toMatchObject({ statusCode: 404, isRetryable: false });

    gateway.upstream.use(breakOff('partial'));
    const errors: unknown[] = [];
    const { textStream } = streamText({ model, prompt, onError: ({ error }) => void errors.push(error) });
    expect(await Array.fromAsync(textStream)).toEqual(['partial']);
    expect(errors).toEqual([
      expect.objectContaining({ message: expect.stringContaining('broke off') as string }),
    ]);
  });
});
