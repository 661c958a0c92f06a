import { describe, expect, it } from 'vitest';
import { askWithTools, functionTool } from '../support/ask-with-tools.ts';
import { askedFirst, call, callId, onlyFirst, sendCalls } from '../support/upstream-tools.ts';
import {
  sendCompleted,
  sendEvent,
  sendMessageDone,
  startMessage,
  startResponse,
  stall,
  type Script,
} from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

const messages = [{ role: 'user', content: 'Look.' }];
const tools = [functionTool('look'), functionTool('show')];
const look = (text: string) => ({ name: 'look', arguments: text });

/** Usage that the scripted provider reports. */
const USAGE = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };

/** Says something, then calls. */
const sayAndCall: Script = (_request, response) => {
  startMessage(response, 'I shall ', 'look.');
  sendMessageDone(response, 'I shall look.');
  sendCalls(response, [look('{}'), { name: 'show', arguments: '{"a":1}' }]);
  sendCompleted(response);
};

const EXACT: [what: string, text: string][] = [
  ['odd spacing', ' {\n\t"b" :1 ,"a":  [ ]}\r\n'],
  ['a key twice', '{"a":1,"a":2}'],
  ['numbers that no parser keeps', '{"a":12345678901234567890,"b":1.0,"c":1e400,"d":-0}'],
  ['escapes', String.raw`{"a":"\u00e4\/\ud83d\ude00 ä😀"}`],
  ['no object', '[1, "a"]'],
];

/** Codex itself answers these, at once: what it may ask then is aborted, and nobody hears of it. */
const MALFORMED: [what: string, text: string][] = [
  ['nothing', ''],
  ['no JSON', '{"a": '],
  ['JSON and more', '{} {}'],
  ['half a character', String.raw`{"a":"\ud800"}`],
];

const asked = () => askedFirst(gateway.upstream.requests);

async function expectCall(model: string, text: string, way: 'whole' | 'streamed'): Promise<void> {
  const { message, finishReason, usage } = await askWithTools(gateway, { model, messages, tools }, way);
  expect(message).toMatchObject({ role: 'assistant', content: null });
  expect(message.tool_calls).toEqual([{ id: callId(0), type: 'function', function: look(text) }]);
  expect(finishReason).toBe('tool_calls');
  expect(usage).toMatchObject(USAGE);
  expect(usage).not.toHaveProperty('estimated');
}

describe.each(['gpt-5.5', 'gpt-6-sol'])('a tool call of %s', (model) => {
  it.each(EXACT)('is returned unchanged when its arguments are %s', async (_what, text) => {
    gateway.upstream.use(call(look(text)));
    await expectCall(model, text, 'whole');
    await expectCall(model, text, 'streamed');
    expect(asked()).toHaveLength(2);
  });

  it.each(MALFORMED)('is returned unchanged when its arguments are %s', async (_what, text) => {
    gateway.upstream.use(onlyFirst(call(look(text))));
    await expectCall(model, text, 'whole');
    await expectCall(model, text, 'streamed');
    expect(asked()).toHaveLength(2);
  });

  it('is returned with malformed arguments beside a valid one', async () => {
    gateway.upstream.use(call(look('{}'), look('{"a": ')));
    const { message, usage } = await askWithTools(gateway, { model, messages, tools });
    expect(message.tool_calls).toMatchObject([{ function: look('{}') }, { function: look('{"a": ') }]);
    expect(usage).toMatchObject(USAGE);
    expect(asked()).toHaveLength(1);
  });

  it.each(['whole', 'streamed'] as const)('is returned beside a second one after a text, %s', async (way) => {
    gateway.upstream.use(sayAndCall);
    const { message, finishReason, usage } = await askWithTools(gateway, { model, messages, tools }, way);
    expect(message.content).toBe('I shall look.');
    expect(message.tool_calls).toEqual([
      { id: callId(0), type: 'function', function: look('{}') },
      { id: callId(1), type: 'function', function: { name: 'show', arguments: '{"a":1}' } },
    ]);
    expect(finishReason).toBe('tool_calls');
    expect(usage).toMatchObject(USAGE);
    expect(asked()).toHaveLength(1);
  });
});

it('calls wait for each other until the answer is complete', async () => {
  const { promise: completed, resolve: complete } = Promise.withResolvers<void>();
  gateway.upstream.use(async (_request, response) => {
    startMessage(response, 'One moment.');
    sendMessageDone(response, 'One moment.');
    sendCalls(response, [look('{}')]);
    await completed;
    sendCalls(response, [look('{}')], 1);
    sendCompleted(response);
  });
  const response = await gateway.post({ model: 'gpt-6-sol', messages, tools, stream: true });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('One moment.')) text += (await reader.read()).value ?? '';
  expect(text).not.toContain('tool_calls');
  complete();
  let rest = '';
  for (let next = await reader.read(); !next.done; next = await reader.read()) rest += next.value;
  expect(rest).toContain(`"index":0,"id":"${callId(0)}"`);
  expect(rest).toContain(`"index":1,"id":"${callId(1)}"`);
});

it('several answers each have their own calls', async () => {
  gateway.upstream.use(call(look('{}'), look('{}')));
  const response = await gateway.post({ model: 'gpt-6-sol', messages, tools, n: 2 });
  const { choices, usage } = (await response.json()) as { choices: object[]; usage: object };
  const calls = [0, 1].map((place) => ({ id: callId(place) }));
  expect(choices).toMatchObject([
    { index: 0, finish_reason: 'tool_calls', message: { tool_calls: calls } },
    { index: 1, finish_reason: 'tool_calls', message: { tool_calls: calls } },
  ]);
  expect(usage).toMatchObject({ total_tokens: 2 * USAGE.total_tokens });
});

it('an answer is aborted when its caller leaves before it is complete', async () => {
  const { promise: called, resolve: onCall } = Promise.withResolvers<void>();
  gateway.upstream.use((request, response) => {
    void stall('One moment.')(request, response);
    sendCalls(response, [look('{}')]);
    onCall();
  });
  const client = new AbortController();
  const gone = gateway.post({ model: 'gpt-6-sol', messages, tools }, { signal: client.signal });
  await called;
  client.abort();
  await expect(gone).rejects.toThrow(/abort/);
  await asked()[0]!.aborted;
});

it('an id that another call already has is replaced in the conversation and in the answer', async () => {
  const ids = (id: string) => [{ id, type: 'function', function: { name: 'f', arguments: '{}' } }];
  const messages = [
    { role: 'user', content: 'hello' },
    { role: 'assistant', tool_calls: ids('call_1') },
    { role: 'tool', tool_call_id: 'call_1', content: 'done' },
  ];
  gateway.upstream.use((_request, response) => {
    startResponse(response);
    for (const id of ['call_1', 'call_2', 'call_2']) {
      const item = { type: 'function_call', id: `fc_${id}`, call_id: id, name: 'f', arguments: '{}' };
      sendEvent(response, { type: 'response.output_item.done', output_index: 0, item });
    }
    sendCompleted(response);
  });
  const { message } = await askWithTools(gateway, { model: 'gpt-5.5', messages, tools: [functionTool('f')] });
  const given = message.tool_calls!.map(({ id }) => id);
  expect(given[1]).toBe('call_2');
  expect(new Set(['call_1', ...given]).size).toBe(4);
});
