import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import type { Item } from '../../src/conversation/item.ts';
import type { TurnEvent } from '../../src/conversation/turn-event.ts';
import type { Turn } from '../../src/conversation/turn.ts';
import { startTestAppServer, type TestAppServer } from '../support/app-server.ts';
import { dataUrl, SMALL } from '../support/images.ts';
import { inOrder, sayItems } from '../support/upstream-answers.ts';
import { refuse, say, type UpstreamItem } from '../support/upstream.ts';

let appServer: TestAppServer;
beforeAll(async () => {
  appServer = await startTestAppServer();
});
afterAll(() => appServer.close());
beforeEach(() => {
  appServer.upstream.requests.length = 0;
});

const PARAMETERS = {
  type: 'object',
  properties: { zeta: { type: 'string', minLength: 3 }, alpha: { const: 5 } },
};
const TOOLS: readonly JsonObject[] = [
  { type: 'function', name: 'exec_command', description: 'Runs.', strict: true, parameters: PARAMETERS },
  {
    type: 'custom',
    name: 'apply_patch',
    format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' },
  },
  {
    type: 'namespace',
    name: 'mcp__files',
    tools: [{ type: 'function', name: 'read', parameters: PARAMETERS }],
  },
  { type: 'tool_search', execution: 'client', description: 'Finds tools.', parameters: { maximum: 1e20 } },
  { type: 'web_search', filters: { allowed_domains: ['example.com'] } },
];
const QUESTION: Item = {
  type: 'message',
  role: 'user',
  parts: [{ type: 'text', text: 'Go.' }],
  path: 'input[0]',
};
const LOOK = { name: 'look', description: '', parameters: { type: 'object' }, strict: false, path: 'x' };
const TURN: Turn = { model: 'gpt-5.5', items: [QUESTION], passthroughTools: TOOLS };

const REASONING = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'sealed' };
const CALLS = [
  { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'exec_command', arguments: '{"a" 1' },
  { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_2', name: 'apply_patch', input: '*** Begin' },
  {
    type: 'function_call',
    id: 'fc_2',
    call_id: 'call_3',
    name: 'read',
    namespace: 'mcp__files',
    arguments: '{}',
  },
  { type: 'tool_search_call', id: 'tsc_1', call_id: 'call_4', execution: 'client', arguments: { goal: 'x' } },
];
const TOLD = [
  { type: 'tool-call', callId: 'call_1', name: 'exec_command', arguments: '{"a" 1' },
  { type: 'tool-call', callId: 'call_2', name: 'apply_patch', arguments: '*** Begin', custom: true },
  { type: 'tool-call', callId: 'call_3', name: 'read', namespace: 'mcp__files', arguments: '{}' },
  { type: 'passthrough-item', isCall: true, item: CALLS[3] },
];

const without = (events: readonly TurnEvent[], ...types: readonly TurnEvent['type'][]) =>
  events.filter(({ type }) => !types.includes(type));
/** Returns the items sent upstream, without the ids that Codex adds. */
const sent = (place = 0) => appServer.upstream.requests[place]!.body.input;

describe.each(['gpt-5.5', 'gpt-6-sol', 'nobody-knows'])(
  "tools in the provider's own form, with %s",
  (model) => {
    it('sends the tools unchanged before the conversation, and no others', async () => {
      appServer.upstream.use(say('Hello.'));
      await appServer.runTurn({ ...TURN, model });
      expect(sent().map(({ type }) => type)).toEqual(['additional_tools', 'message']);
      expect(sent()[0]).toMatchObject({ role: 'developer', tools: TOOLS });
      expect(appServer.upstream.requests[0]!.body.tools).toEqual([]);
    });

    it('returns every call as offered, with the usage, and asks the model once', async () => {
      appServer.upstream.use(sayItems([REASONING, ...CALLS], { until: appServer.keptToOnce }));
      const events = await appServer.runTurn({ ...TURN, model });
      expect(without(events, 'progress', 'turn-start')).toEqual([
        { type: 'reasoning-end', id: 'rs_1', encrypted: 'sealed' },
        ...TOLD,
        {
          type: 'turn-end',
          reason: 'tool-calls',
          isComplete: true,
          usage: expect.objectContaining({ totalTokens: 18 }),
        },
      ]);
      expect(appServer.upstream.requests).toHaveLength(1);
    });
  },
);

/** Turns of every kind: with raw tools, with functions, and without any tool. */
const KINDS: [kind: string, turn: Turn][] = [
  ['raw tools', TURN],
  ['functions', { model: 'gpt-6-sol', items: [QUESTION], tools: [LOOK] }],
  ['no tools', { model: 'gpt-5.5', items: [QUESTION] }],
];

it.each([
  ['raw tools', 'a call that nobody offered', TURN, CALLS[0]],
  ['functions', 'a call that nobody offered', KINDS[1]![1], CALLS[0]],
  ['functions', 'a call with malformed arguments', KINDS[1]![1], { ...CALLS[0], name: 'look' }],
])('a turn with %s and %s asks the model once', async (_kind, _what, turn, item) => {
  appServer.upstream.use(sayItems([item!], { until: appServer.keptToOnce }));
  const events = await appServer.runTurn(turn);
  expect(events.at(-1)).toMatchObject({ reason: 'tool-calls', usage: { totalTokens: 18 } });
  // By then Codex would have asked again, had it not been stopped.
  appServer.upstream.use(say('Hello.'));
  await appServer.runTurn({ model: 'gpt-5.5', items: [QUESTION] });
  expect(appServer.upstream.requests).toHaveLength(2);
});

it('a turn without tools and with a call asks the model once, and fails', async () => {
  appServer.upstream.use(sayItems([CALLS[0]!], { until: appServer.keptToOnce }));
  await expect(appServer.runTurn(KINDS[2]![1])).rejects.toMatchObject({ code: 'unknown_tool_call' });
  appServer.upstream.use(say('Hello.'));
  await appServer.runTurn(KINDS[2]![1]);
  expect(appServer.upstream.requests).toHaveLength(2);
});

it.each(KINDS)(
  'a model that continues by itself, with %s and without a call, is allowed to',
  async (_kind, turn) => {
    const first = {
      type: 'message',
      role: 'assistant',
      id: 'msg_1',
      content: [{ type: 'output_text', text: 'One.' }],
    };
    const more = { ...first, id: 'msg_2', content: [{ type: 'output_text', text: 'Two.' }] };
    appServer.upstream.use(
      inOrder(
        sayItems([first], { until: appServer.keptToOnce, response: { end_turn: false } }),
        sayItems([more]),
        sayItems([]),
      ),
    );
    const events = await appServer.runTurn(turn);
    expect(without(events, 'progress', 'turn-start', 'message-start')).toEqual([
      { type: 'text-delta', text: 'One.' },
      { type: 'text-delta', text: 'Two.' },
      {
        type: 'turn-end',
        reason: 'stop',
        isComplete: true,
        usage: expect.objectContaining({ totalTokens: 36 }),
      },
    ]);
    const said = sent(1).flatMap(({ content }) => content?.[0]?.text ?? []);
    expect(said).toEqual(['Go.', 'One.']);
  },
);

it('items of one answer that have the same id all reach the caller', async () => {
  const thought = (text: string) => ({
    type: 'reasoning',
    id: 'rs_0',
    summary: [{ type: 'summary_text', text }],
    encrypted_content: text,
  });
  const answer = (text: string) => ({
    type: 'message',
    role: 'assistant',
    id: 'msg_0',
    content: [{ type: 'output_text', text }],
  });
  const items = [thought('A'), answer('One.'), thought('B'), answer('Two and more.')];
  appServer.upstream.use(sayItems(items));
  const events = await appServer.runTurn(TURN);
  expect(without(events, 'progress', 'turn-start', 'turn-end')).toEqual([
    { type: 'reasoning-delta', text: 'A', paragraph: 'rs_0/0', id: 'rs_0' },
    { type: 'reasoning-end', id: 'rs_0', encrypted: 'A' },
    { type: 'message-start' },
    { type: 'text-delta', text: 'One.' },
    { type: 'reasoning-delta', text: 'B', paragraph: 'rs_0/0', id: 'rs_0' },
    { type: 'reasoning-end', id: 'rs_0', encrypted: 'B' },
    { type: 'message-start' },
    { type: 'text-delta', text: 'Two and more.' },
  ]);
});

it('a provider’s refusal of the internal tool name reaches the caller', async () => {
  const name = 'codex-gateway-dead-end';
  const message = `Invalid schema for function '${name}'.`;
  appServer.upstream.use(refuse(400, { error: { message, type: 'invalid_request_error', param: 'tools' } }));
  const turn = appServer.runTurn({ ...TURN, passthroughTools: [{ type: 'function', name, parameters: {} }] });
  await expect(turn).rejects.toMatchObject({ message });
  expect(appServer.upstream.requests).toHaveLength(2);
});

it('shows a web search where it happened in the answer', async () => {
  const search = {
    type: 'web_search_call',
    id: 'ws_1',
    status: 'completed',
    action: { type: 'search', query: 'x' },
  };
  const message = { type: 'message', role: 'assistant', id: 'msg_1', phase: 'final_answer' };
  const answer = { ...message, content: [{ type: 'output_text', text: 'Found.' }] };
  appServer.upstream.use(sayItems([search, answer]));
  const events = await appServer.runTurn(TURN);
  expect(without(events, 'progress', 'turn-start', 'turn-end')).toEqual([
    { type: 'passthrough-item', isCall: false, item: search },
    { type: 'message-start', phase: 'final_answer' },
    { type: 'text-delta', text: 'Found.' },
  ]);
});

it('a function of an unknown namespace is not taken for one without a namespace', async () => {
  const ask = async (namespace: string) => {
    appServer.upstream.use(
      sayItems([{ type: 'function_call', call_id: 'call_1', name: 'look', namespace, arguments: '{}' }]),
    );
    return await appServer.runTurn({ model: 'gpt-6-sol', items: [QUESTION], tools: [LOOK] });
  };
  const called = { type: 'tool-call', callId: 'call_1', name: 'look', arguments: '{}' };
  expect(await ask('files')).toContainEqual({ ...called, namespace: 'files' });
  expect(await ask('functions')).toContainEqual(called);
});

describe('a conversation in the form of the provider', () => {
  const native = (item: JsonObject, links: object = {}): Item => ({
    type: 'passthrough',
    item,
    ...links,
    path: 'input[1]',
  });
  const path = 'input[1]';
  const text = (value: string) => ({ type: 'text', text: value }) as const;

  it('is sent upstream unchanged', async () => {
    const url = dataUrl(SMALL.png);
    const tools = [{ type: 'function', name: 'found', strict: true, parameters: PARAMETERS }];
    const output = {
      type: 'tool_search_output',
      call_id: 'call_4',
      execution: 'client',
      status: 'completed',
      tools,
    };
    appServer.upstream.use(say('Hello.'));
    await appServer.runTurn({
      ...TURN,
      items: [
        QUESTION,
        native(REASONING),
        { type: 'message', role: 'assistant', parts: [text('I look.')], phase: 'commentary', path },
        { type: 'tool-call', callId: 'call_1', name: 'exec_command', arguments: '{}', path },
        { type: 'tool-result', callId: 'call_1', parts: [text('done')], path },
        { type: 'tool-call', callId: 'call_2', name: 'apply_patch', arguments: 'x', custom: true, path },
        {
          type: 'tool-result',
          callId: 'call_2',
          custom: true,
          parts: [text('see'), { type: 'image', url, detail: 'original', path }],
          path,
        },
        { type: 'tool-call', callId: 'call_3', name: 'read', namespace: 'mcp__files', arguments: '{}', path },
        { type: 'tool-result', callId: 'call_3', parts: [text('read')], path },
        native(CALLS[3]!, { calls: 'call_4' }),
        native(output, { answers: 'call_4' }),
        native({ type: 'additional_tools', role: 'developer', tools }),
        native({ type: 'compaction', encrypted_content: 'sealed' }),
        QUESTION,
      ],
    });
    const known = ({ type, ...item }: UpstreamItem & { id?: string }) => ({ ...item, type, id: undefined });
    expect(sent().slice(2).map(known)).toMatchObject([
      { type: 'reasoning', summary: [], encrypted_content: 'sealed' },
      { type: 'message', phase: 'commentary' },
      { type: 'function_call', call_id: 'call_1', name: 'exec_command' },
      { type: 'function_call_output', call_id: 'call_1', output: 'done' },
      { type: 'custom_tool_call', call_id: 'call_2', name: 'apply_patch', input: 'x' },
      {
        type: 'custom_tool_call_output',
        call_id: 'call_2',
        output: [
          { type: 'input_text', text: 'see' },
          { type: 'input_image', image_url: url },
        ],
      },
      { type: 'function_call', call_id: 'call_3', name: 'read', namespace: 'mcp__files' },
      { type: 'function_call_output', call_id: 'call_3', output: 'read' },
      { type: 'tool_search_call', call_id: 'call_4', execution: 'client', arguments: { goal: 'x' } },
      { type: 'tool_search_output', call_id: 'call_4', tools },
      { type: 'additional_tools', role: 'developer', tools },
      { type: 'compaction', encrypted_content: 'sealed' },
      { type: 'message', role: 'user' },
    ]);
    expect(sent()[2]).toMatchObject({ id: 'rs_1' });
    expect(sent()[7]).toMatchObject({ id: expect.stringMatching(/^ctco_/) });
  });

  it('gets an error for an image in a custom tool result that cannot be decoded', async () => {
    const image = {
      type: 'image',
      url: 'data:image/png;base64,AAAA',
      detail: 'auto',
      path: 'input[2]',
    } as const;
    const turn = appServer.runTurn({
      ...TURN,
      items: [
        QUESTION,
        { type: 'tool-call', callId: 'call_1', name: 'apply_patch', arguments: 'x', custom: true, path },
        { type: 'tool-result', callId: 'call_1', custom: true, parts: [image], path },
      ],
    });
    await expect(turn).rejects.toMatchObject({ code: 'invalid_image', detail: { param: 'input[2]' } });
  });

  it('is answered even when tools and items hold half a character', async () => {
    appServer.upstream.use(say('Hello.'));
    const tool = { type: 'function', name: 'a', description: 'half \uD83D', parameters: { '\uDE00': 1 } };
    await appServer.runTurn({ ...TURN, passthroughTools: [tool] });
    expect(sent()[0]).toMatchObject({ tools: [{ description: 'half \uFFFD', parameters: { '\uFFFD': 1 } }] });
  });
});
