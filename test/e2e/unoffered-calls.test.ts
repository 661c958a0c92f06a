import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { askResponse } from '../support/ask-response.ts';
import { askWithTools, functionTool } from '../support/ask-with-tools.ts';
import { connect } from '../support/response-socket.ts';
import { askedFirst, onlyFirst } from '../support/upstream-tools.ts';
import {
  say,
  sendCompleted,
  sendItem,
  sendItemDone,
  sendMessageDone,
  startMessage,
} from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

const WAYS = ['whole', 'streamed'] as const;
const messages = [{ role: 'user', content: 'Look.' }];
const tools = [functionTool('look'), functionTool('show')];
const flat = (name: string, more: object = {}) => ({ type: 'function', name, parameters: {}, ...more });
/** A tool that is sent upstream unchanged, as are all tools next to it. */
const RAW = flat('look', { defer_loading: true });

/** The file that a call would make if anything ran it. */
const FORBIDDEN = join(tmpdir(), `codex-gateway-unoffered-${process.pid}`);

const ARGUMENTS = ' {"a" :1, "a":2}\n';
const functionCall = (name: string, args = ARGUMENTS, id = 'call_1') => ({
  type: 'function_call',
  id: `fc_${id}`,
  call_id: id,
  name,
  arguments: args,
});
const customCall = (name: string, input = 'x', id = 'call_1') => ({
  type: 'custom_tool_call',
  id: `ctc_${id}`,
  call_id: id,
  name,
  input,
});

/** Usage that the scripted provider reports. */
const USAGE = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };

/** Says something, then makes calls, as items that come whole. */
const sayAndCall = (...items: readonly object[]) =>
  onlyFirst((_request, response) => {
    startMessage(response, 'I look.');
    sendMessageDone(response, 'I look.');
    for (const item of items) sendItemDone(response, item);
    sendCompleted(response);
  });

describe.each(['gpt-5.5', 'gpt-6-sol'])('a call of a tool that %s was not offered', (model) => {
  it.each(WAYS)('reaches a chat as the model wrote it, beside text and valid calls, %s', async (way) => {
    gateway.upstream.use(sayAndCall(functionCall('look', '{}'), functionCall('other', ARGUMENTS, 'call_2')));
    const { status, message, finishReason, usage } = await askWithTools(
      gateway,
      { model, messages, tools },
      way,
    );
    expect([status, finishReason, message.content]).toEqual([200, 'tool_calls', 'I look.']);
    expect(message.tool_calls).toEqual([
      { id: 'call_1', type: 'function', function: { name: 'look', arguments: '{}' } },
      { id: 'call_2', type: 'function', function: { name: 'other', arguments: ARGUMENTS } },
    ]);
    expect(usage).toMatchObject(USAGE);
    expect(usage).not.toHaveProperty('estimated');
  });

  it.each([false, true])('reaches a response as the model wrote it, streamed: %s', async (stream) => {
    gateway.upstream.use(sayAndCall(functionCall('look', '{}'), functionCall('other', ARGUMENTS, 'call_2')));
    const { response } = await askResponse(gateway, { model, stream, tools: [flat('look')] });
    expect(response).toMatchObject({
      status: 'completed',
      output: [
        { type: 'message', content: [{ text: 'I look.' }] },
        { type: 'function_call', call_id: 'call_1', name: 'look', arguments: '{}' },
        { type: 'function_call', call_id: 'call_2', name: 'other', arguments: ARGUMENTS },
      ],
      usage: { input_tokens: 11, output_tokens: 7 },
    });
  });

  it('reaches a response with tools in raw form, as a function or a custom tool', async () => {
    gateway.upstream.use(sayAndCall(functionCall('other'), customCall('apply_patch', '*** x', 'call_2')));
    const { response } = await askResponse(gateway, { model, tools: [RAW] });
    expect(response!.output.slice(1)).toMatchObject([
      { type: 'function_call', call_id: 'call_1', name: 'other', arguments: ARGUMENTS },
      { type: 'custom_tool_call', call_id: 'call_2', name: 'apply_patch', input: '*** x' },
    ]);
  });

  it('reaches a response over a WebSocket and in the background', async () => {
    gateway.upstream.use(sayAndCall(functionCall('other')));
    const body = { model, input: 'Look.', tools: [flat('look')] } as never;
    const output = [{ type: 'message' }, { type: 'function_call', name: 'other', arguments: ARGUMENTS }];
    const events = await connect(gateway.client).ask(body);
    expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: { output } });
    const { response } = await askResponse(gateway, { ...(body as object), background: true, stream: true });
    expect(response).toMatchObject({ background: true, status: 'completed', output });
  });

  it.each([
    ['required', 'required'],
    ['one by name', { type: 'function', function: { name: 'show' } }],
    ['a few', { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{ name: 'show' }] } }],
    [
      'one of a few',
      { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [{ name: 'show' }] } },
    ],
  ])('reaches a chat that allows %s, offered or not', async (_what, tool_choice) => {
    gateway.upstream.use(sayAndCall(functionCall('look'), functionCall('other', '{}', 'call_2')));
    const { headers, message, finishReason } = await askWithTools(gateway, {
      model,
      messages,
      tools,
      tool_choice,
    });
    expect(message.tool_calls).toMatchObject([
      { function: { name: 'look', arguments: ARGUMENTS } },
      { function: { name: 'other' } },
    ]);
    expect([finishReason, headers.get('x-codex-gateway-adjusted')]).toEqual(['tool_calls', null]);
    expect(askedFirst(gateway.upstream.requests)).toHaveLength(1);
  });

  it('is an error when no call is allowed or no tool is offered', async () => {
    gateway.upstream.use(sayAndCall(functionCall('look')));
    for (const body of [{ tools, tool_choice: 'none' }, { tools: [] }, {}]) {
      const { status, error } = await askWithTools(gateway, { model, messages, ...body });
      expect([status, error?.code]).toEqual([502, 'unknown_tool_call']);
    }
    for (const offered of [flat('look'), RAW]) {
      const { status, error } = await askResponse(gateway, { model, tools: [offered], tool_choice: 'none' });
      expect([status, error?.code]).toEqual([502, 'unknown_tool_call']);
    }
  });

  it.each([
    ['exec_command', functionCall('exec_command', JSON.stringify({ cmd: `touch ${FORBIDDEN}` }))],
    ['shell', functionCall('shell', JSON.stringify({ command: ['touch', FORBIDDEN] }))],
    ['shell_command', functionCall('shell_command', JSON.stringify({ command: `touch ${FORBIDDEN}` }))],
    ['wait', functionCall('wait', '{"cell_id":"1"}')],
    ['spawn_agent', functionCall('spawn_agent', '{"message":"x"}')],
    ['update_plan', functionCall('update_plan', '{"plan":[]}')],
    ['exec', customCall('exec', `await tools.exec_command({ cmd: 'touch ${FORBIDDEN}' })`)],
    [
      'apply_patch',
      customCall('apply_patch', `*** Begin Patch\n*** Add File: ${FORBIDDEN}\n+x\n*** End Patch`),
    ],
  ])('is passed on and never run when Codex itself has a tool of that name: %s', async (name, item) => {
    gateway.upstream.use(onlyFirst(sendItem(item)));
    const { status, message } = await askWithTools(gateway, { model, messages, tools });
    const { response } = await askResponse(gateway, { model, tools: [RAW] });
    expect([status, message.tool_calls?.length]).toEqual([200, 1]);
    expect(message.tool_calls![0]).toMatchObject({
      [item.type === 'function_call' ? 'function' : 'custom']: { name },
    });
    const { id: _, ...told } = item;
    expect(response!.output).toMatchObject([told]);
    expect(existsSync(FORBIDDEN)).toBe(false);
  });
});

it('a call of an unoffered namespace keeps that namespace', async () => {
  gateway.upstream.use(onlyFirst(sendItem({ ...functionCall('look'), namespace: 'files' })));
  const { message } = await askWithTools(gateway, { model: 'gpt-6-sol', messages, tools });
  expect(message.tool_calls).toMatchObject([{ function: { name: 'files.look' } }]);
  const { response } = await askResponse(gateway, { model: 'gpt-6-sol', tools: [flat('look')] });
  expect(response!.output).toMatchObject([{ name: 'look', namespace: 'files' }]);
});

it('a function that is called as a custom tool is returned as a custom tool call', async () => {
  gateway.upstream.use(onlyFirst(sendItem(customCall('look', 'here'))));
  const { message } = await askWithTools(gateway, { model: 'gpt-5.5', messages, tools });
  expect(message.tool_calls).toEqual([
    { id: 'call_1', type: 'custom', custom: { name: 'look', input: 'here' } },
  ]);
});

it('a custom tool that the choice left out is called with its text', async () => {
  gateway.upstream.use(onlyFirst(sendItem(functionCall('draw', '{"input":"a line"}'))));
  const draw = { type: 'custom', custom: { name: 'draw' } };
  const { message } = await askWithTools(gateway, {
    model: 'gpt-5.5',
    messages,
    tools: [...tools, draw],
    tool_choice: { type: 'function', function: { name: 'look' } },
  });
  expect(message.tool_calls).toMatchObject([{ type: 'custom', custom: { name: 'draw', input: 'a line' } }]);
});

it('a call of an unoffered tool is a function_call for legacy functions', async () => {
  gateway.upstream.use(onlyFirst(sendItem(functionCall('other'))));
  const { message, finishReason } = await askWithTools(gateway, {
    model: 'gpt-5.5',
    messages,
    functions: [{ name: 'look' }],
  });
  expect([message.function_call, finishReason]).toEqual([
    { name: 'other', arguments: ARGUMENTS },
    'function_call',
  ]);
});

it('a call of another tool is passed on when the JSON of a required call was requested', async () => {
  let asked = 0;
  gateway.upstream.use(
    onlyFirst((request, response) => {
      asked += 1;
      return (asked === 1 ? say('I talk.') : sendItem(functionCall('other')))(request, response);
    }),
  );
  const { message, finishReason } = await askWithTools(gateway, {
    model: 'gpt-5.5',
    messages,
    tools,
    tool_choice: 'required',
  });
  expect(finishReason).toBe('tool_calls');
  expect(message.tool_calls).toMatchObject([{ function: { name: 'other', arguments: ARGUMENTS } }]);
});

it('the conversation continues with the client’s result for a call of an unoffered tool', async () => {
  gateway.upstream.use(onlyFirst(sendItem(functionCall('other'), customCall('paint', 'x', 'call_2'))));
  const { message } = await askWithTools(gateway, { model: 'gpt-5.5', messages, tools });
  const { response } = await askResponse(gateway, { tools: [flat('look')] });
  gateway.upstream.use(say('So be it.'));
  const output = 'there is no such tool';
  const results = message.tool_calls!.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: output }));
  const chat = await askWithTools(gateway, {
    model: 'gpt-5.5',
    messages: [...messages, message, ...results],
    tools,
  });
  expect(chat.message.content).toBe('So be it.');
  const next = await askResponse(gateway, {
    previous_response_id: response!.id,
    tools: [flat('look')],
    input: [
      { type: 'function_call_output', call_id: 'call_1', output },
      { type: 'custom_tool_call_output', call_id: 'call_2', output },
    ],
  });
  expect(next.response).toMatchObject({
    status: 'completed',
    output: [{ content: [{ text: 'So be it.' }] }],
  });
  const sent = gateway.upstream.requests.at(-1)!.body.input.slice(1);
  expect(sent).toMatchObject([
    { type: 'function_call', name: 'other', arguments: ARGUMENTS },
    { type: 'custom_tool_call', name: 'paint', input: 'x' },
    { type: 'function_call_output', output },
    { type: 'custom_tool_call_output', output },
  ]);
});
