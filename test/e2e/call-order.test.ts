import type { ResponseInputItem } from 'openai/resources/responses/responses';
import { beforeEach, describe, expect, it } from 'vitest';
import { askResponse } from '../support/ask-response.ts';
import { connect } from '../support/response-socket.ts';
import { call as callUpstream } from '../support/upstream-tools.ts';
import { say } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();
beforeEach(() => gateway.upstream.use(say('Done.')));

type Role = 'user' | 'developer' | 'system' | 'assistant';
const said = (role: Role, content: string): ResponseInputItem => ({ role, content });
const call = (id: string): ResponseInputItem => ({
  type: 'function_call',
  call_id: id,
  name: 'look',
  arguments: '{}',
});
const result = (id: string): ResponseInputItem => ({
  type: 'function_call_output',
  call_id: id,
  output: `result of ${id}`,
});
const customCall = (id: string): ResponseInputItem => ({
  type: 'custom_tool_call',
  call_id: id,
  name: 'patch',
  input: 'x',
});
const customResult = (id: string): ResponseInputItem => ({
  type: 'custom_tool_call_output',
  call_id: id,
  output: `result of ${id}`,
});
const QUESTION = said('user', 'Look.');
const TOOL = { type: 'function', name: 'look', parameters: {}, strict: false } as const;
const GRAMMAR = { type: 'grammar', syntax: 'lark', definition: 'start: "x"' } as const;
/** A tool sent in the provider's own format, which makes all others be sent that way. */
const NATIVE_TOOL = { type: 'custom', name: 'patch', format: GRAMMAR } as const;

/** A short form of the conversation that a request sent upstream. */
function sentItems(place = -1): string[] {
  return gateway.upstream.requests.at(place)!.body.input.flatMap(({ type, role, call_id: id, content }) => {
    if (type === 'additional_tools') return [];
    return [type === 'message' ? `${role}: ${content?.[0]?.text}` : `${type} ${id}`];
  });
}

const shortForm = (item: ResponseInputItem): string => {
  if ('role' in item && 'content' in item)
    return `${item.role === 'system' ? 'developer' : item.role}: ${typeof item.content === 'string' ? item.content : ''}`;
  return `${item.type} ${'call_id' in item ? item.call_id : ''}`;
};

const HOOK = said('developer', 'A hook says hello.');
const ORDERS: Record<string, ResponseInputItem[]> = {
  'a developer message before a result': [QUESTION, call('a'), HOOK, result('a')],
  'every role between a call and its result': [
    QUESTION,
    call('a'),
    ...(['user', 'system', 'assistant', 'developer'] as const).map((role) => said(role, 'Wait.')),
    result('a'),
  ],
  'a message between the results of parallel calls': [
    QUESTION,
    call('a'),
    call('b'),
    result('b'),
    HOOK,
    result('a'),
  ],
  'results several items later, among other calls': [
    QUESTION,
    call('a'),
    HOOK,
    call('b'),
    said('assistant', 'I look.'),
    call('c'),
    result('b'),
    said('user', 'And?'),
    result('c'),
    result('a'),
  ],
  'a message between a custom call and its result': [QUESTION, customCall('a'), HOOK, customResult('a')],
};

describe.each(['gpt-5.5', 'gpt-6-sol'])('the order of a conversation on %s', (model) => {
  it.each(Object.entries(ORDERS))('is kept upstream for %s', async (_what, input) => {
    for (const tools of [[], [TOOL], [TOOL, NATIVE_TOOL]]) {
      const { status, response } = await askResponse(gateway, { model, input, tools });
      expect([status, response?.output_text ?? '']).toMatchObject([200, expect.any(String)]);
      expect(sentItems()).toEqual(input.map(shortForm));
    }
  });

  it('is kept upstream for a tool search that is answered after a message', async () => {
    const search = {
      type: 'tool_search_call',
      call_id: 'a',
      execution: 'client',
      arguments: { query: 'x' },
    };
    const found = { type: 'tool_search_output', call_id: 'a', execution: 'client', tools: [] };
    const tools = [{ type: 'tool_search', execution: 'client', description: 'Finds tools.', parameters: {} }];
    const input = [QUESTION, search, HOOK, found];
    const { status } = await askResponse(gateway, { model, input, tools });
    expect(status).toBe(200);
    expect(sentItems()).toEqual([
      'user: Look.',
      'tool_search_call a',
      'developer: A hook says hello.',
      'tool_search_output a',
    ]);
  });
});

describe('a message before the result of a call', () => {
  const EXPECTED = ['user: Look.', 'function_call call_1', 'user: Hurry.', 'function_call_output call_1'];
  const more = [said('user', 'Hurry.'), result('call_1')];

  const askForCall = async (body: object) => {
    gateway.upstream.use(callUpstream({ name: 'look', arguments: {} }));
    const { response } = await askResponse(gateway, { input: [QUESTION], tools: [TOOL], ...body });
    gateway.upstream.use(say('Done.'));
    return response!;
  };

  it('is accepted with a previous response', async () => {
    const { id } = await askForCall({});
    const { status } = await askResponse(gateway, { previous_response_id: id, input: more });
    expect(status).toBe(200);
    expect(sentItems()).toEqual(EXPECTED);
  });

  it('is accepted when it is added to a conversation with an open call', async () => {
    const { conversations } = gateway.client;
    const { id } = await conversations.create();
    await askForCall({ conversation: id });
    await conversations.items.create(id, { items: [more[0]!] });
    const refused = await askResponse(gateway, { conversation: id, input: [said('user', 'Well?')] });
    expect(refused).toMatchObject({ status: 400, error: { param: 'conversation' } });
    await conversations.items.create(id, { items: [more[1]!] });
    const { status } = await askResponse(gateway, { conversation: id, input: [said('user', 'Well?')] });
    expect(status).toBe(200);
    expect(sentItems()).toEqual([...EXPECTED, 'user: Well?']);
  });

  it('is accepted in a conversation that is created with an open call', async () => {
    const { conversations } = gateway.client;
    const { id } = await conversations.create({ items: [QUESTION, call('call_1'), more[0]!] });
    const { status } = await askResponse(gateway, { conversation: id, input: [more[1]!] });
    expect(status).toBe(200);
    expect(sentItems()).toEqual(EXPECTED);
  });

  const WHOLE = [QUESTION, call('call_1'), ...more];

  it('is accepted in a background response', async () => {
    const body = { model: 'gpt-5.5', input: WHOLE, background: true } as const;
    const { id } = await gateway.client.responses.create(body);
    const stream = await gateway.client.responses.retrieve(id, { stream: true });
    const events = await Array.fromAsync(stream);
    expect(events.at(-1)?.type).toBe('response.completed');
    expect(sentItems()).toEqual(EXPECTED);
  });

  it('is accepted in a compaction', async () => {
    await gateway.client.responses.compact({ model: 'gpt-5.5', input: WHOLE });
    expect(sentItems().slice(0, -1)).toEqual(EXPECTED);
  });

  it('is accepted when tokens are counted, as is a call without a result', async () => {
    const { inputTokens } = gateway.client.responses;
    const count = async (input: ResponseInputItem[]) =>
      (await inputTokens.count({ model: 'gpt-5.5', input })).input_tokens;
    expect(await count(WHOLE)).toBeGreaterThan(await count(WHOLE.slice(0, 3)));
  });

  it('is accepted over a WebSocket that was warmed up before the result existed', async () => {
    const socket = connect(gateway.client);
    const body = { model: 'gpt-5.5', store: false };
    const warm = await socket.ask({ ...body, input: WHOLE.slice(0, 2), generate: false });
    const { id } = warm.at(-1)!.response as { id: string };
    expect(gateway.upstream.requests).toEqual([]);
    const events = await socket.ask({ ...body, input: more, previous_response_id: id });
    expect(events.at(-1)?.type).toBe('response.completed');
    expect(sentItems()).toEqual(EXPECTED);
  });

  it('is accepted in a Responses body that is sent to chat completions', async () => {
    const reply = await gateway.post({ model: 'gpt-5.5', input: WHOLE });
    expect(reply.status).toBe(200);
    expect(sentItems()).toEqual(EXPECTED);
  });
});

describe('call ids that are repeated in a later round', () => {
  const round = (say: string) =>
    [said('user', say), call('call_0'), customCall('call_1'), HOOK].concat(
      result('call_0'),
      customResult('call_1'),
    );
  const input = [...round('One.'), ...round('Two.'), said('user', 'Well?')];
  const expected = ['', '_2'].flatMap((end) => [
    `user: ${end === '' ? 'One.' : 'Two.'}`,
    `function_call call_0${end}`,
    `custom_tool_call call_1${end}`,
    'developer: A hook says hello.',
    `function_call_output call_0${end}`,
    `custom_tool_call_output call_1${end}`,
  ]);

  it('are replaced upstream and kept as the caller’s in stored items', async () => {
    const { status, headers, response } = await askResponse(gateway, { input });
    expect([status, headers.get('x-codex-gateway-adjusted')]).toEqual([200, null]);
    expect(sentItems()).toEqual([...expected, 'user: Well?']);
    const { data } = await gateway.client.responses.inputItems.list(response!.id, { order: 'asc' });
    expect(data.flatMap((item) => ('call_id' in item ? [item.call_id] : []))).toEqual(
      input.flatMap((item) => ('call_id' in item ? [item.call_id] : [])),
    );
    await askResponse(gateway, { previous_response_id: response!.id, input: round('Three.') });
    expect(sentItems().slice(-2)).toEqual([
      'function_call_output call_0_3',
      'custom_tool_call_output call_1_3',
    ]);
  });

  it('are accepted in a conversation', async () => {
    const items = [said('user', 'Look.'), call('call_0'), HOOK, result('call_0')];
    const { id } = await gateway.client.conversations.create({ items });
    await gateway.client.conversations.items.create(id, { items });
    const { status } = await askResponse(gateway, { conversation: id, input: items });
    expect(status).toBe(200);
    expect(sentItems().filter((item) => item.includes('call_0'))).toEqual(
      ['', '_2', '_3'].flatMap((end) => [`function_call call_0${end}`, `function_call_output call_0${end}`]),
    );
    const { data } = await gateway.client.conversations.items.list(id, { limit: 100 });
    const kept = data.flatMap((item) => ('call_id' in item ? [item.call_id] : []));
    expect(kept).toEqual(Array.from({ length: 6 }, () => 'call_0'));
  });

  it('are made unique for the caller when a model repeats them in every answer', async () => {
    const ids: string[] = [];
    let previous: string | undefined;
    for (const _ of [1, 2, 3]) {
      gateway.upstream.use(callUpstream({ name: 'look', arguments: {} }));
      const results = ids.slice(-1).map(result);
      const input = [...results, said('user', 'Look.')];
      const { response } = await askResponse(gateway, {
        input,
        tools: [TOOL],
        previous_response_id: previous,
      });
      previous = response!.id;
      ids.push(response!.output.flatMap((item) => ('call_id' in item ? [item.call_id as string] : []))[0]!);
    }
    expect(new Set(ids).size).toBe(3);
  });

  it('are replaced upstream for chat completions', async () => {
    const chatRound = [
      { role: 'user', content: 'Look.' },
      {
        role: 'assistant',
        tool_calls: [
          { id: 'call_0', type: 'function', function: { name: 'look', arguments: '{}' } },
          { id: 'call_1', type: 'custom', custom: { name: 'patch', input: 'x' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'one' },
      { role: 'tool', tool_call_id: 'call_0', content: 'none' },
    ];
    const reply = await gateway.post({ model: 'gpt-5.5', messages: [...chatRound, ...chatRound] });
    expect([reply.status, reply.headers.get('x-codex-gateway-adjusted')]).toEqual([200, null]);
    expect(sentItems()).toEqual(
      ['', '_2'].flatMap((end) => [
        'user: Look.',
        `function_call call_0${end}`,
        `function_call call_1${end}`,
        `function_call_output call_1${end}`,
        `function_call_output call_0${end}`,
      ]),
    );
  });
});
