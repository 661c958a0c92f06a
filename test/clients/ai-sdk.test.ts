import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateText, Output, stepCountIs, streamText, tool, type LanguageModel } from 'ai';
import { beforeAll, describe, expect, it } from 'vitest';
import { TOKEN } from '../support/gateway.ts';
import { offeredTools, outputsOf, sayFormatted } from '../support/upstream-tools.ts';
import { breakOff, say, type Script } from '../support/upstream.ts';
import * as weather from '../support/weather.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

// It tells of what it does not do itself by warnings of the process.
globalThis.AI_SDK_LOG_WARNINGS = false;

interface Provider {
  readonly connect: (
    place: { readonly baseURL: string; readonly apiKey: string },
    id: string,
  ) => LanguageModel;
  /** Answers a request for an object. */
  readonly structured: Script;
}

const PROVIDERS: Readonly<Record<string, Provider>> = {
  '@ai-sdk/openai': {
    connect: (place, id) => createOpenAI(place).chat(id),
    structured: sayFormatted(weather.REPORTED),
  },
  '@ai-sdk/openai-compatible': {
    connect: (place, id) => createOpenAICompatible({ name: 'gateway', ...place })(id),
    // It sends no schema, only that JSON is wanted.
    structured: say(JSON.stringify(weather.REPORTED)),
  },
};

const prompt = weather.QUESTION;
const tools = {
  get_weather: tool({
    description: weather.TOOL.description,
    inputSchema: weather.CITY,
    execute: weather.weatherIn,
  }),
};
const lastRequest = () => gateway.upstream.requests.at(-1)!;

const CASES = Object.keys(PROVIDERS).flatMap((provider) =>
  ['gpt-5.5', 'gpt-6-sol'].map((id) => [provider, id] as const),
);

describe.each(CASES)('the AI SDK with the provider %s on %s', (provider, id) => {
  const { connect, structured } = PROVIDERS[provider]!;
  const place = () => ({ baseURL: `${gateway.running.origin}/v1`, apiKey: TOKEN });
  let model: LanguageModel;
  beforeAll(() => {
    model = connect(place(), id);
  });

  it('gets a text', async () => {
    gateway.upstream.use(say('Hel', 'lo'));
    const { text, finishReason, usage } = await generateText({ model, prompt });
    expect({ text, finishReason }).toEqual({ text: 'Hello', finishReason: 'stop' });
    expect(usage).toMatchObject({ inputTokens: 11, outputTokens: 7 });
  });

  it('reads a stream', async () => {
    gateway.upstream.use(say('Hel', 'lo'));
    const { textStream, finishReason } = streamText({ model, prompt });
    expect(await Array.fromAsync(textStream)).toEqual(['Hel', 'lo']);
    expect(await finishReason).toBe('stop');
  });

  it.each([
    ['one after the other', weather.oneByOne, 3],
    ['in parallel', weather.sideBySide, 2],
  ])('runs tools %s, streamed and not', async (_name, script, steps) => {
    gateway.upstream.use(script);
    const question = { model, prompt, tools, stopWhen: stepCountIs(5) };
    const whole = await generateText(question);
    expect(whole.text).toBe(weather.ANSWER);
    expect(whole.steps).toHaveLength(steps);
    expect(whole.steps[0]!.finishReason).toBe('tool-calls');
    expect(outputsOf(lastRequest())).toEqual(weather.OUTPUTS);
    expect(offeredTools(lastRequest())).toEqual(['get_weather']);

    const streamed = streamText(question);
    expect(await streamed.text).toBe(weather.ANSWER);
    expect(await streamed.steps).toHaveLength(steps);
    expect(outputsOf(lastRequest())).toEqual(weather.OUTPUTS);
  });

  it('gets an object that follows a schema, streamed and not', async () => {
    gateway.upstream.use(structured);
    const question = { model, prompt, output: Output.object({ schema: weather.REPORT }) };
    expect((await generateText(question)).output).toEqual(weather.REPORTED);
    expect(await streamText(question).output).toEqual(weather.REPORTED);
  });

  it('raises an error for an unknown model and for a stream that breaks off', async () => {
    const unknown = generateText({ model: connect(place(), 'gpt-unknown'), prompt });
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
