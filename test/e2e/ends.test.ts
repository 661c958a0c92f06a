import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { ask, HELLO, WAYS } from '../support/ask.ts';
import { TOKEN } from '../support/gateway.ts';
import { refuseInWords, sayUntil } from '../support/upstream-answers.ts';
import { call } from '../support/upstream-tools.ts';
import { say, sendCompleted, sendMessageDone, startMessage, startResponse } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

const STREAMED = { stream: true, stream_options: { include_usage: true } };

/** Not by `fetch`, whose streams fail a test when they lack the usage that was asked for. */
async function postRaw(body: object): Promise<string> {
  const sent = request(`${gateway.running.origin}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
  });
  sent.end(JSON.stringify(body));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return await readText(response);
}

describe.each(['gpt-5.5', 'gpt-6-sol'])('an answer of %s', (model) => {
  it.each(WAYS)('has finish_reason content_filter and its usage when the model refuses, %s', async (way) => {
    gateway.upstream.use(refuseInWords('I will not.'));
    const told = await ask(gateway, way, { model });
    expect(told).toMatchObject({ status: 200, usage: { total_tokens: 18 } });
    expect(told.said).toMatchObject([{ content: '', finish: 'content_filter' }]);
    expect(told.usage).not.toHaveProperty('estimated');
  });

  it.each(WAYS)('has an estimated usage when the provider cut it, %s', async (way) => {
    for (const [reason, finish] of [
      ['max_output_tokens', 'length'],
      ['content_filter', 'content_filter'],
      ['max_messages', 'length'],
    ] as const) {
      gateway.upstream.use(sayUntil(reason, 'one two three'));
      const told = await ask(gateway, way, { model });
      expect(told.said).toMatchObject([{ content: 'one two three', finish }]);
      expect(told.usage).toEqual({
        prompt_tokens: 1,
        completion_tokens: 3,
        total_tokens: 4,
        prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
        completion_tokens_details: {
          reasoning_tokens: 0,
          accepted_prediction_tokens: 0,
          rejected_prediction_tokens: 0,
        },
        estimated: true,
      });
    }
  });

  it.each(WAYS)('is empty and not a refusal when the model says nothing, %s', async (way) => {
    gateway.upstream.use((_request, response) => {
      startResponse(response);
      sendCompleted(response, {
        input_tokens: 3,
        output_tokens: 9,
        output_tokens_details: { reasoning_tokens: 9 },
        total_tokens: 12,
      });
    });
    const told = await ask(gateway, way, { model });
    expect(told.said).toMatchObject([{ content: '', finish: 'stop' }]);
  });

  it.each(WAYS)('has no usage when the provider does not count, %s', async (way) => {
    gateway.upstream.use((_request, response) => {
      startMessage(response, 'Hi');
      sendMessageDone(response, 'Hi');
      sendCompleted(response, null);
    });
    const body = { model, messages: HELLO, ...(way === 'streamed' && STREAMED) };
    for (const n of [1, 2]) {
      const text = await postRaw({ ...body, n });
      expect(text.match(/"content":"Hi"/g)).toHaveLength(n);
      expect(text).not.toMatch(/"usage":\{|estimated/);
    }
  });

  it.each(WAYS)('has an estimated usage when it ends with the first of several calls, %s', async (way) => {
    gateway.upstream.use(call({ name: 'look', arguments: {} }, { name: 'look', arguments: { at: 1 } }));
    const tools = [{ type: 'function', function: { name: 'look' } }];
    const told = await ask(gateway, way, { model, tools, parallel_tool_calls: false });
    expect(told.said).toMatchObject([{ finish: 'tool_calls', calls: [{ name: 'look', arguments: '{}' }] }]);
    expect(told.usage).toMatchObject({ estimated: true });
    gateway.upstream.use(say('x'));
  });
});
