import {
  Agent,
  run,
  setDefaultOpenAIClient,
  setTracingDisabled,
  tool,
  getGlobalTraceProvider,
} from '@openai/agents';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TOKEN } from '../support/gateway.ts';
import { inOrder, sayReasoning } from '../support/upstream-answers.ts';
import { callInRounds, formatOf, offeredTools, outputsOf, sayFormatted } from '../support/upstream-tools.ts';
import { breakOff, say } from '../support/upstream.ts';
import * as weather from '../support/weather.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

// Its timer would tick on in the files after this one.
afterAll(() => getGlobalTraceProvider().shutdown());

const gateway = useSharedGateway();
beforeAll(() => {
  setDefaultOpenAIClient(new OpenAI({ baseURL: `${gateway.running.origin}/v1`, apiKey: TOKEN }));
  setTracingDisabled(true);
});

const getWeather = tool({ ...weather.TOOL, parameters: weather.CITY, execute: weather.weatherIn });
const convert = tool({
  name: 'to_fahrenheit',
  description: 'Converts from Celsius.',
  parameters: z.object({ degrees: z.number() }),
  execute: ({ degrees }) => `${degrees * 1.8 + 32} F`,
});
/** Asks for the weather, then converts it, then answers. */
const convertWeather = callInRounds(
  [
    [{ name: 'get_weather', arguments: { city: 'Berlin' } }],
    [{ name: 'to_fahrenheit', arguments: { degrees: 20 } }],
  ],
  'It is 68 F in Berlin.',
);
const lastRequest = () => gateway.upstream.requests.at(-1)!;

describe.each(['gpt-5.5', 'gpt-6-sol'])('the Agents SDK on %s', (model) => {
  const name = 'Forecaster';
  const instructions = 'Tell of the weather.';

  it('runs two tools in turn, streamed and not', async () => {
    gateway.upstream.use(convertWeather);
    const agent = new Agent({ name, instructions, model, tools: [getWeather, convert] });
    const whole = await run(agent, weather.QUESTION);
    expect(whole.finalOutput).toBe('It is 68 F in Berlin.');
    expect(outputsOf(lastRequest())).toEqual(['20 degrees', '68 F']);
    expect(offeredTools(lastRequest())).toEqual(['get_weather', 'to_fahrenheit']);
    expect(whole.state.usage).toMatchObject({ requests: 3, totalTokens: 54 });

    const streamed = await run(agent, weather.QUESTION, { stream: true });
    const pieces = await Array.fromAsync(streamed.toTextStream());
    await streamed.completed;
    expect(pieces.join('')).toBe('It is 68 F in Berlin.');
    expect(streamed.finalOutput).toBe('It is 68 F in Berlin.');
    expect(outputsOf(lastRequest())).toEqual(['20 degrees', '68 F']);
  });

  it('runs tools in parallel', async () => {
    gateway.upstream.use(weather.sideBySide);
    const { finalOutput } = await run(new Agent({ name, model, tools: [getWeather] }), weather.QUESTION);
    expect(finalOutput).toBe(weather.ANSWER);
    expect(outputsOf(lastRequest())).toEqual(weather.OUTPUTS);
  });

  it('continues from its own history and from the last response', async () => {
    gateway.upstream.use(inOrder(sayReasoning([['One.']], 'First.'), say('Second.'), say('Third.')));
    const agent = new Agent({ name, instructions, model });
    const first = await run(agent, 'hello');
    const second = await run(agent, [...first.history, { role: 'user', content: 'And then?' }]);
    expect(second.finalOutput).toBe('Second.');
    const third = await run(agent, 'And then?', { previousResponseId: first.lastResponseId! });
    expect(third.finalOutput).toBe('Third.');
    for (const { body } of gateway.upstream.requests.slice(-2)) {
      const said = body.input.flatMap(({ role, content }) =>
        role === 'user' || role === 'assistant' ? [content?.[0]?.text] : [],
      );
      expect(said).toEqual(['hello', 'First.', 'And then?']);
      expect(JSON.stringify(body.input).match(/Tell of the weather/g)).toHaveLength(1);
    }
  });

  it('hands over to another agent', async () => {
    gateway.upstream.use(callInRounds([[{ name: 'transfer_to_Poet', arguments: {} }]], 'Rain, rain.'));
    const poet = new Agent({ name: 'Poet', model, handoffDescription: 'Writes poems.' });
    const { finalOutput, lastAgent } = await run(new Agent({ name, model, handoffs: [poet] }), 'hello');
    expect([finalOutput, lastAgent?.name]).toEqual(['Rain, rain.', 'Poet']);
  });

  it('gets an object that follows a schema', async () => {
    gateway.upstream.use(sayFormatted(weather.REPORTED));
    const agent = new Agent({ name, model, outputType: weather.REPORT });
    expect((await run(agent, weather.QUESTION)).finalOutput).toEqual(weather.REPORTED);
    expect(formatOf(lastRequest())).toMatchObject({ type: 'json_schema', strict: true });
  });

  it('raises an error that comes in the middle of a stream', async () => {
    gateway.upstream.use(breakOff('partial'));
    const streamed = await run(new Agent({ name, model }), 'hello', { stream: true });
    await expect(Array.fromAsync(streamed)).rejects.toThrow('broke off');
    await expect(streamed.completed).rejects.toThrow('broke off');
  });
});

it('the Agents SDK works with its own default model and settings', async () => {
  gateway.upstream.use(say('Hello'));
  const { finalOutput } = await run(new Agent({ name: 'Plain' }), 'hello');
  expect(finalOutput).toBe('Hello');
  expect(lastRequest().body).toMatchObject({
    model: 'gpt-5.6-luna',
    text: { verbosity: 'low' },
    // It asks for none, which the model does not know.
    reasoning: { effort: 'low' },
  });
});
