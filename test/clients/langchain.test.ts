import { HumanMessage, type BaseMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI } from '@langchain/openai';
import { describe, expect, it } from 'vitest';
import { TOKEN } from '../support/gateway.ts';
import { formatOf, offeredTools, outputsOf, sayFormatted } from '../support/upstream-tools.ts';
import { breakOff, say } from '../support/upstream.ts';
import * as weather from '../support/weather.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

const chat = (model: string) =>
  new ChatOpenAI({ model, apiKey: TOKEN, configuration: { baseURL: `${gateway.running.origin}/v1` } });
const getWeather = tool(weather.weatherIn, { ...weather.TOOL, schema: weather.CITY });
const lastRequest = () => gateway.upstream.requests.at(-1)!;

describe.each(['gpt-5.5', 'gpt-6-sol'])('LangChain on %s', (model) => {
  it('gets a text', async () => {
    gateway.upstream.use(say('Hel', 'lo'));
    const answer = await chat(model).invoke(weather.QUESTION);
    expect(answer.content).toBe('Hello');
    expect(answer.usage_metadata).toMatchObject({ input_tokens: 11, output_tokens: 7, total_tokens: 18 });
  });

  it('reads a stream', async () => {
    gateway.upstream.use(say('Hel', 'lo'));
    const pieces = await Array.fromAsync(await chat(model).stream(weather.QUESTION));
    expect(pieces.map(({ text }) => text).join('')).toBe('Hello');
  });

  it.each([
    ['one after the other', weather.oneByOne, 2],
    ['in parallel', weather.sideBySide, 1],
  ])('runs tools %s, streamed and not', async (_name, script, rounds) => {
    gateway.upstream.use(script);
    const bound = chat(model).bindTools([getWeather]);
    const ways = {
      whole: (messages: BaseMessage[]) => bound.invoke(messages),
      streamed: async (messages: BaseMessage[]) => {
        const pieces = await Array.fromAsync(await bound.stream(messages));
        return pieces.reduce((sum, piece) => sum.concat(piece));
      },
    };
    for (const ask of Object.values(ways)) {
      const messages: BaseMessage[] = [new HumanMessage(weather.QUESTION)];
      for (let round = 0; round < rounds; round += 1) {
        const answer = await ask(messages);
        expect(answer.tool_calls).toHaveLength(2 / rounds);
        messages.push(answer);
        for (const call of answer.tool_calls!) {
          messages.push(await getWeather.invoke({ ...call, type: 'tool_call' }));
        }
      }
      expect((await ask(messages)).text).toBe(weather.ANSWER);
      expect(outputsOf(lastRequest())).toEqual(weather.OUTPUTS);
      expect(offeredTools(lastRequest())).toEqual(['get_weather']);
    }
  });

  it('gets an object that follows a schema', async () => {
    gateway.upstream.use(sayFormatted(weather.REPORTED));
    const structured = chat(model).withStructuredOutput(weather.REPORT);
    expect(await structured.invoke(weather.QUESTION)).toEqual(weather.REPORTED);
    expect(formatOf(lastRequest())).toMatchObject({ type: 'json_schema', strict: true });
  });

  it('raises an error that comes in the middle of a stream', async () => {
    gateway.upstream.use(breakOff('partial'));
    const stream = await chat(model).stream(weather.QUESTION);
    await expect(Array.fromAsync(stream)).rejects.toThrow('broke off');
  });
});

it('LangChain recognizes the error for an unknown model', async () => {
  await expect(chat('gpt-unknown').invoke(weather.QUESTION)).rejects.toMatchObject({
    status: 404,
    lc_error_code: 'MODEL_NOT_FOUND',
  });
});
