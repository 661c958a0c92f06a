import {
  Agent,
  MemorySession,
  OpenAIConversationsSession,
  OpenAIProvider,
  OpenAIResponsesCompactionSession,
  Runner,
  setTracingDisabled,
  tool,
  getGlobalTraceProvider,
} from '@openai/agents';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TOKEN } from '../support/gateway.ts';
import { inOrder, sayReasoning } from '../support/upstream-answers.ts';
import { outputsOf } from '../support/upstream-tools.ts';
import { breakOff, say } from '../support/upstream.ts';
import * as weather from '../support/weather.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

// Its timer would tick on in the files after this one.
afterAll(() => getGlobalTraceProvider().shutdown());

const gateway = useSharedGateway();
let openAIClient: OpenAI;
let runner: Runner;
beforeAll(() => {
  openAIClient = new OpenAI({ baseURL: `${gateway.running.origin}/v1`, apiKey: TOKEN });
  // The SDK's default runner keeps the first client of its process, and other files have theirs.
  runner = new Runner({ modelProvider: new OpenAIProvider({ openAIClient }) });
  setTracingDisabled(true);
});

const name = 'Forecaster';
const getWeather = tool({ ...weather.TOOL, parameters: weather.CITY, execute: weather.weatherIn });
const lastRequest = () => gateway.upstream.requests.at(-1)!;
const said = () =>
  lastRequest().body.input.flatMap(({ role, content }) =>
    role === 'user' || role === 'assistant' ? [content?.[0]?.text] : [],
  );

describe.each(['gpt-5.5', 'gpt-6-sol'])('the Agents SDK on %s', (model) => {
  it('keeps its history in an OpenAI conversation session', async () => {
    const session = new OpenAIConversationsSession({ client: openAIClient });
    gateway.upstream.use(weather.oneByOne);
    await runner.run(new Agent({ name, model, tools: [getWeather] }), weather.QUESTION, { session });
    expect(outputsOf(lastRequest())).toEqual(weather.OUTPUTS);
    gateway.upstream.use(inOrder(sayReasoning([['One.']], 'First.'), say('Second.')));
    const agent = new Agent({ name, model });
    await runner.run(agent, 'And now?', { session });
    const { finalOutput } = await runner.run(agent, 'And then?', { session });
    expect(finalOutput).toBe('Second.');
    expect(said()).toEqual([weather.QUESTION, weather.ANSWER, 'And now?', 'First.', 'And then?']);
    expect(outputsOf(lastRequest())).toEqual(weather.OUTPUTS);
    expect((await session.getItems()).length).toBeGreaterThan(8);
    await session.clearSession();
  });

  it('continues a conversation that the gateway stores', async () => {
    const { id: conversationId } = await openAIClient.conversations.create();
    gateway.upstream.use(weather.oneByOne);
    const agent = new Agent({ name, model, tools: [getWeather] });
    const { finalOutput } = await runner.run(agent, weather.QUESTION, { conversationId });
    expect(finalOutput).toBe(weather.ANSWER);
    gateway.upstream.use(say('Second.'));
    await runner.run(agent, 'And then?', { conversationId });
    expect(said()).toEqual([weather.QUESTION, weather.ANSWER, 'And then?']);
    expect(outputsOf(lastRequest())).toEqual(weather.OUTPUTS);
  });

  it('compacts its history through the gateway', async () => {
    const session = new OpenAIResponsesCompactionSession({
      client: openAIClient,
      underlyingSession: new MemorySession(),
      model,
      shouldTriggerCompaction: ({ compactionCandidateItems: items }) => items.length > 1,
    });
    gateway.upstream.use(inOrder(say('First.'), say('Second.'), say('What was said.'), say('Third.')));
    const agent = new Agent({ name, model });
    await runner.run(agent, 'hello', { session });
    await runner.run(agent, 'And now?', { session });
    const { finalOutput } = await runner.run(agent, 'And then?', { session });
    expect(finalOutput).toBe('Third.');
    // It leaves out everything before the summary.
    expect(said()).toEqual([expect.stringContaining('What was said.'), 'And then?']);
  });

  it('runs tools over a WebSocket, streamed and not, and reports a broken answer', async () => {
    const modelProvider = new OpenAIProvider({ openAIClient, useResponsesWebSocket: true });
    const runner = new Runner({ modelProvider });
    try {
      gateway.upstream.use(weather.oneByOne);
      const agent = new Agent({ name, model, tools: [getWeather] });
      expect((await runner.run(agent, weather.QUESTION)).finalOutput).toBe(weather.ANSWER);
      const streamed = await runner.run(agent, weather.QUESTION, { stream: true });
      expect((await Array.fromAsync(streamed.toTextStream())).join('')).toBe(weather.ANSWER);
      expect(outputsOf(lastRequest())).toEqual(weather.OUTPUTS);

      gateway.upstream.use(breakOff('partial'));
      await expect(runner.run(new Agent({ name, model }), 'hello')).rejects.toThrow('unsuccessful');
    } finally {
      await modelProvider.close();
    }
  });
});
