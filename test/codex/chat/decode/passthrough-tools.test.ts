import { describe, expect, it } from 'vitest';
import type { ResponseItem } from '../../../../generated/ResponseItem.js';
import type { JsonObject } from '../../../../src/base/json.ts';
import { createCallDecoder } from '../../../../src/codex/chat/decode/call-decoder.ts';
import { createPassthroughTools } from '../../../../src/codex/chat/decode/passthrough-tools.ts';
import type { Item } from '../../../../src/conversation/item.ts';

interface Offered {
  readonly tools?: readonly JsonObject[];
  readonly items?: readonly Item[];
  readonly usedCallIds?: readonly string[];
  readonly offersTools?: boolean;
  readonly singleCall?: boolean;
  readonly webSearch?: boolean;
}

function createDecoder({ tools = [], items = [], ...further }: Offered) {
  return createCallDecoder({
    toCallerName: () => undefined,
    passthrough: createPassthroughTools({ model: 'm', items, passthroughTools: tools }),
    offersTools: true,
    singleCall: false,
    webSearch: false,
    usedCallIds: [],
    ...further,
  });
}

const call = (name: string, namespace?: string): ResponseItem => ({
  type: 'function_call',
  call_id: 'call_1',
  name,
  arguments: '{}',
  ...(namespace !== undefined && { namespace }),
});
const customCall = (name: string, namespace?: string): ResponseItem => ({
  type: 'custom_tool_call',
  call_id: 'call_1',
  name,
  input: 'x',
  ...(namespace !== undefined && { namespace }),
});
const search = (call_id: string | null = 'call_1', execution = 'client'): ResponseItem => ({
  type: 'tool_search_call',
  call_id,
  execution,
  arguments: {},
});
const WEB: ResponseItem = { type: 'web_search_call', id: 'ws_1' };
const group = (name: string, ...tools: JsonObject[]) => ({ type: 'namespace', name, tools });
const fn = (name: string) => ({ type: 'function', name });
const custom = (name: string) => ({ type: 'custom', name });
const bringing = (type: string, ...tools: JsonObject[]): Item => ({
  type: 'passthrough',
  item: { type, tools },
  path: 'input[0]',
});

function accepts(offered: Offered, item: ResponseItem): boolean {
  const decoder = createDecoder(offered);
  try {
    return decoder.add(item).length + decoder.calls.length === 1;
  } catch {
    return false;
  }
}

describe('a call', () => {
  it.each<[string, Offered, ResponseItem]>([
    ['of a function', { tools: [fn('a')] }, call('a')],
    ['of a function whose name Codex reserves', { tools: [fn('exec_command')] }, call('exec_command')],
    ['of a custom tool', { tools: [custom('a')] }, customCall('a')],
    ['of a function in a group', { tools: [group('g', fn('a'))] }, call('a', 'g')],
    [
      'of a custom tool in a group',
      { tools: [group('functions', custom('a'))] },
      customCall('a', 'functions'),
    ],
    [
      'of a function in the default group by its bare name',
      { tools: [group('functions', custom('a'))] },
      customCall('a'),
    ],
    ['of a function in the default group by its full name', { tools: [fn('a')] }, call('a', 'functions')],
    [
      'of a function that the conversation adds',
      { items: [bringing('additional_tools', fn('a'))] },
      call('a'),
    ],
    [
      'of a function that a search has found',
      { items: [bringing('tool_search_output', fn('a'))] },
      call('a'),
    ],
    ['of a function that a search may still find', { tools: [{ type: 'tool_search' }] }, call('a', 'g')],
    ['for a tool search', { tools: [{ type: 'tool_search' }] }, search()],
    ['for a web search', { tools: [{ type: 'web_search_2025_08_26' }] }, WEB],
    ["for a web search by Codex's own tool", { webSearch: true }, WEB],
  ])('%s is accepted', (_, offered, item) => {
    expect(accepts(offered, item)).toBe(true);
  });

  it.each<[string, Offered, ResponseItem, object]>([
    ['of another name', { tools: [fn('a')] }, call('b'), { name: 'b' }],
    ['of another group', { tools: [group('g', fn('a'))] }, call('a', 'h'), { name: 'a', namespace: 'h' }],
    ['of a tool in a group by its bare name', { tools: [group('g', fn('a'))] }, call('a'), { name: 'a' }],
    ['of another name in the default group', { tools: [fn('a')] }, call('b', 'functions'), { name: 'b' }],
    ['of a function as a custom tool', { tools: [fn('a')] }, customCall('a'), { name: 'a', custom: true }],
    ['of a custom tool as a function', { tools: [custom('a')] }, call('a'), { name: 'a' }],
    [
      'of a custom tool next to a tool search',
      { tools: [{ type: 'tool_search' }] },
      customCall('a', 'g'),
      { name: 'a', namespace: 'g', custom: true },
    ],
  ])('%s, which the request does not offer, is passed on unchanged', (_, offered, item, expected) => {
    const decoder = createDecoder(offered);
    expect(decoder.add(item)).toEqual([]);
    const given = item.type === 'custom_tool_call' ? item.input : '{}';
    expect(decoder.calls).toEqual([{ type: 'tool-call', callId: 'call_1', arguments: given, ...expected }]);
  });

  it.each<[string, Offered, ResponseItem]>([
    ['of a function when no tool is offered', { offersTools: false }, call('a')],
    ['of a custom tool when no tool is offered', { offersTools: false }, customCall('a')],
    ['without a name', { tools: [fn('a')] }, call('')],
    ['for a tool search', { tools: [fn('tool_search')] }, search()],
    ['for a web search', { tools: [fn('web_search')] }, WEB],
    ['for a shell command', { tools: [fn('local_shell')] }, { type: 'local_shell_call' } as ResponseItem],
  ])('%s is refused as unknown_tool_call', (_, offered, item) => {
    expect(() => createDecoder(offered).add(item)).toThrow(
      expect.objectContaining({ code: 'unknown_tool_call' }),
    );
  });
});

describe('the id of a call', () => {
  const tools = [fn('a'), custom('b'), { type: 'tool_search' }];

  it('is replaced if it was used before, for calls of every kind', () => {
    const decoder = createDecoder({ tools, usedCallIds: ['call_1'] });
    for (const item of [call('a'), customCall('b'), search()]) decoder.add(item);
    const ids = decoder.calls.map((one) => (one.type === 'tool-call' ? one.callId : one.item.call_id));
    expect(new Set([...ids, 'call_1']).size).toBe(4);
  });

  it('is generated for a tool search without one', () => {
    const decoder = createDecoder({ tools });
    decoder.add(search(null));
    expect(decoder.calls).toMatchObject([
      { isCall: true, item: { call_id: expect.stringMatching(/^call_/) } },
    ]);
  });
});

it('a search that the provider runs itself is passed on at once and needs no answer', () => {
  const decoder = createDecoder({ tools: [{ type: 'tool_search' }] });
  expect(decoder.add(search(null, 'server'))).toMatchObject([{ isCall: false, item: { call_id: null } }]);
  expect(decoder.calls).toEqual([]);
});

it('an answer limited to a single call ends with the second call of any kind', () => {
  const decoder = createDecoder({ tools: [fn('a'), custom('b')], singleCall: true });
  decoder.add(customCall('b'));
  decoder.add(call('a'));
  expect(decoder.isOver).toBe(true);
  expect(decoder.calls).toMatchObject([{ name: 'b', custom: true }]);
});
