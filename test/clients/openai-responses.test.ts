import { zodResponsesFunction, zodTextFormat } from 'openai/helpers/zod';
import OpenAI from 'openai';
import type { ResponseInputItem } from 'openai/resources/responses/responses';
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

const TOOL = { type: 'function', ...weather.TOOL, parameters: weather.CITY_SCHEMA, strict: true } as const;
const input = weather.QUESTION;

const lastRequest = () => gateway.upstream.requests.at(-1)!;

/** Executes the calls of a response and returns their outputs. */
function runCalls(response: OpenAI.Responses.Response): ResponseInputItem.FunctionCallOutput[] {
  return response.output
    .filter((item) => item.type === 'function_call')
    .map(({ call_id, arguments: given }) => ({
      type: 'function_call_output',
      call_id,
      output: weather.weatherIn(weather.CITY.parse(JSON.parse(given))),
    }));
}

describe.each(['gpt-5.5', 'gpt-6-sol'])('the openai SDK with the Responses API on %s', (model) => {
  it('gets a text', async () => {
    gateway.upstream.use(say('Hel', 'lo'));
    const response = await client.responses.create({ model, input });
    expect(response).toMatchObject({ output_text: 'Hello', status: 'completed', model, error: null });
    expect(response.usage).toMatchObject({ input_tokens: 11, output_tokens: 7, total_tokens: 18 });
    expect(response.usage!.output_tokens_details.reasoning_tokens).toBe(2);
  });

  it('reads a stream, raw and through its helper', async () => {
    gateway.upstream.use(say('Hel', 'lo'));
    const events = await Array.fromAsync(await client.responses.create({ model, input, stream: true }));
    const deltas = events.filter(({ type }) => type === 'response.output_text.delta');
    expect(deltas).toMatchObject([{ delta: 'Hel' }, { delta: 'lo' }]);
    expect(events.map(({ sequence_number: number }) => number)).toEqual([...events.keys()]);
    expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: { status: 'completed' } });

    const helper = client.responses.stream({ model, input });
    const heard: string[] = [];
    helper.on('response.output_text.delta', ({ snapshot }) => void heard.push(snapshot));
    expect((await helper.finalResponse()).output_text).toBe('Hello');
    expect(heard).toEqual(['Hel', 'Hello']);
  });

  it.each([
    ['one after the other', weather.oneByOne],
    ['in parallel', weather.sideBySide],
  ])('calls tools %s and continues by the id of the response', async (_name, script) => {
    gateway.upstream.use(script);
    let response = await client.responses.create({ model, input, tools: [TOOL] });
    for (let outputs = runCalls(response); outputs.length > 0; outputs = runCalls(response)) {
      const previous = { previous_response_id: response.id };
      response = await client.responses.create({ model, input: outputs, tools: [TOOL], ...previous });
    }
    expect(response.output_text).toBe(weather.ANSWER);
    expect(offeredTools(lastRequest())).toEqual(['get_weather']);
    expect(outputsOf(lastRequest())).toEqual(weather.OUTPUTS);
  });

  it('calls tools and sends the complete history itself, streamed and not', async () => {
    gateway.upstream.use(weather.oneByOne);
    const question = { role: 'user', content: input } as const;
    const body = { model, tools: [TOOL], store: false };
    const ways = [
      (history: ResponseInputItem[]) => client.responses.create({ ...body, input: history }),
      (history: ResponseInputItem[]) => client.responses.stream({ ...body, input: history }).finalResponse(),
    ];
    for (const ask of ways) {
      const history: ResponseInputItem[] = [question];
      let response = await ask(history);
      for (let outputs = runCalls(response); outputs.length > 0; outputs = runCalls(response)) {
        history.push(...(response.output as ResponseInputItem[]), ...outputs);
        response = await ask(history);
      }
      expect(response.output_text).toBe(weather.ANSWER);
      expect(history).toHaveLength(5);
      expect(outputsOf(lastRequest())).toEqual(weather.OUTPUTS);
    }
  });

  it('parses an answer that follows a schema, streamed and not', async () => {
    gateway.upstream.use(sayFormatted(weather.REPORTED));
    const body = { model, input, text: { format: zodTextFormat(weather.REPORT, 'report') } };
    const response = await client.responses.parse(body);
    expect(response.output_parsed).toEqual(weather.REPORTED);
    expect(response.text?.format).toMatchObject({ type: 'json_schema', name: 'report', strict: true });
    expect(formatOf(lastRequest())).toMatchObject({ type: 'json_schema', strict: true });
    const streamed = await client.responses.stream(body).finalResponse();
    expect(streamed.output_parsed).toEqual(weather.REPORTED);
  });

  it('parses the arguments of function calls', async () => {
    gateway.upstream.use(weather.sideBySide);
    const tool = zodResponsesFunction({ ...weather.TOOL, parameters: weather.CITY });
    const { output } = await client.responses.parse({ model, input, tools: [tool] });
    expect(output).toMatchObject([
      { type: 'function_call', name: 'get_weather', parsed_arguments: { city: 'Berlin' } },
      { type: 'function_call', name: 'get_weather', parsed_arguments: { city: 'Paris' } },
    ]);
  });

  it('raises an error that comes in the middle of a stream', async () => {
    gateway.upstream.use(breakOff('partial'));
    const stream = await client.responses.create({ model, input, stream: true });
    await expect(Array.fromAsync(stream)).rejects.toThrow('broke off');
    await expect(client.responses.stream({ model, input }).finalResponse()).rejects.toThrow('broke off');
  });
});

it('the openai SDK raises its own errors with the Responses API', async () => {
  const unknown = client.responses.create({ model: 'gpt-unknown', input });
  await expect(unknown).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  await expect(unknown).rejects.toMatchObject({ code: 'model_not_found', param: 'model' });
  const stranger = new OpenAI({ baseURL: client.baseURL, apiKey: 'wrong' });
  const refused = stranger.responses.create({ model: 'gpt-5.5', input });
  await expect(refused).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
  await expect(client.responses.retrieve('resp_unknown')).rejects.toBeInstanceOf(OpenAI.NotFoundError);
});
