import { describe, expect, it } from 'vitest';
import { askWithTools } from '../support/ask-with-tools.ts';
import { call, callId, onlyFirst, outputsOf, sendCalls } from '../support/upstream-tools.ts';
import { say, startResponse } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

const messages = [{ role: 'user', content: 'Look.' }];
const WAYS = ['whole', 'streamed'] as const;
const DESCRIPTION = 'Draws a picture.';
const GRAMMAR = { syntax: 'lark', definition: 'start: "a"+' };
const INPUT = 'line 1\n"line" 2 \\ ä';

/** The same tool in each shape in which clients send it. */
const CUSTOM = {
  nested: {
    type: 'custom',
    custom: { name: 'draw', description: DESCRIPTION, format: { type: 'grammar', grammar: GRAMMAR } },
  },
  flat: { type: 'custom', name: 'draw', description: DESCRIPTION, format: { type: 'grammar', ...GRAMMAR } },
};

/** The tools sent upstream for them. */
const SENT = {
  type: 'function',
  name: 'draw',
  description: `${DESCRIPTION}\n\nThe input follows this grammar (lark):\n${GRAMMAR.definition}`,
  parameters: { properties: { input: { type: 'string' } }, required: ['input'] },
};

describe.each([
  ['nested', CUSTOM.nested, 'tools[0].custom.format=grammar->description'],
  ['flat', CUSTOM.flat, 'tools[0].format=grammar->description'],
])('a custom tool, %s,', (_what, tool, notice) => {
  it.each(WAYS)('reaches the model as a function and the caller as a custom tool, %s', async (way) => {
    gateway.upstream.use(call({ name: 'draw', arguments: { input: INPUT } }));
    const body = { model: 'gpt-5.5', messages, tools: [tool] };
    const { headers, message, finishReason } = await askWithTools(gateway, body, way);
    expect(message.tool_calls).toEqual([
      { id: callId(0), type: 'custom', custom: { name: 'draw', input: INPUT } },
    ]);
    expect(finishReason).toBe('tool_calls');
    expect(headers.get('x-codex-gateway-adjusted')).toBe(notice);
    expect(gateway.upstream.requests[0]!.body.tools).toMatchObject([SENT]);
  });
});

it('earlier calls of a custom tool are sent upstream as they were made', async () => {
  gateway.upstream.use(say('Done.'));
  const history = [
    ...messages,
    {
      role: 'assistant',
      tool_calls: [{ id: 'call_a', type: 'custom', custom: { name: 'draw', input: INPUT } }],
    },
    { role: 'tool', tool_call_id: 'call_a', content: 'Drawn.' },
  ];
  const tools = [CUSTOM.nested];
  const { message } = await askWithTools(gateway, { model: 'gpt-5.5', messages: history, tools });
  expect(message.content).toBe('Done.');
  const [request] = gateway.upstream.requests;
  expect(request!.body.input).toContainEqual(
    expect.objectContaining({
      type: 'function_call',
      call_id: 'call_a',
      name: 'draw',
      arguments: JSON.stringify({ input: INPUT }),
    }),
  );
  expect(outputsOf(request!)).toEqual(['Drawn.']);
});

describe('legacy functions', () => {
  const functions = [
    { name: 'look', description: 'Looks.', parameters: { type: 'object', properties: {} } },
    { name: 'show' },
  ];

  it.each(WAYS)('are called one at a time, %s', async (way) => {
    gateway.upstream.use((_request, response) => {
      startResponse(response);
      sendCalls(response, [
        { name: 'look', arguments: '{ "a":1}' },
        { name: 'show', arguments: '{}' },
      ]);
    });
    const body = { model: 'gpt-5.5', messages, functions };
    const { message, finishReason } = await askWithTools(gateway, body, way);
    expect(message.function_call).toEqual({ name: 'look', arguments: '{ "a":1}' });
    expect([message.content, message.tool_calls, finishReason]).toEqual([null, undefined, 'function_call']);
    await gateway.upstream.requests[0]!.aborted;
  });

  it('get their result from the message after their call', async () => {
    gateway.upstream.use(say('Done.'));
    const called = (name: string) => [
      { role: 'assistant', content: null, function_call: { name, arguments: `{"of":"${name}"}` } },
      { role: 'function', name, content: `result of ${name}` },
    ];
    const history = [...messages, ...called('look'), ...called('show')];
    const { message } = await askWithTools(gateway, { model: 'gpt-5.5', messages: history, functions });
    expect(message.content).toBe('Done.');
    const { input } = gateway.upstream.requests[0]!.body;
    const [, lookCall, lookResult, showCall, showResult] = input;
    expect([lookCall, lookResult, showCall, showResult]).toMatchObject([
      { type: 'function_call', name: 'look', arguments: '{"of":"look"}', call_id: lookResult!.call_id },
      { type: 'function_call_output', output: 'result of look' },
      { type: 'function_call', name: 'show', arguments: '{"of":"show"}', call_id: showResult!.call_id },
      { type: 'function_call_output', output: 'result of show' },
    ]);
  });

  it('refuse a result without a call', async () => {
    const history = [...messages, { role: 'function', name: 'look', content: 'nothing' }];
    const { status, error } = await askWithTools(gateway, { model: 'gpt-5.5', messages: history, functions });
    expect([status, error?.param]).toEqual([400, 'messages[1]']);
  });
});

it.each(['', '{"input": ', '{"text":"a"}', '["a"]', 'null'])(
  'passes on the arguments %j of a custom tool as its text',
  async (given) => {
    gateway.upstream.use(onlyFirst(call({ name: 'draw', arguments: given })));
    const tools = [{ type: 'custom', custom: { name: 'draw' } }];
    const { message } = await askWithTools(gateway, { model: 'gpt-5.5', messages, tools });
    expect(message.tool_calls).toMatchObject([{ custom: { name: 'draw', input: given } }]);
  },
);
