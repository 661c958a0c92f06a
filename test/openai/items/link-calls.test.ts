import { describe, expect, it } from 'vitest';
import type { Item } from '../../../src/conversation/item.ts';
import { describeFailure } from '../../../src/http/requests/describe-failure.ts';
import { linkCalls } from '../../../src/openai/items/link-calls.ts';
import { refusalOf } from '../../support/decode-response.ts';

const said: Item = { type: 'message', role: 'user', parts: [{ type: 'text', text: 'x' }], path: 'said' };
const call = (callId: string, more: object = {}): Item => ({
  type: 'tool-call',
  callId,
  name: 'f',
  arguments: '{}',
  path: `call ${callId}`,
  ...more,
});
const result = (callId: string): Item => ({
  type: 'tool-result',
  callId,
  parts: [{ type: 'text', text: 'x' }],
  path: `result ${callId}`,
});
const search = (callId: string): Item => ({
  type: 'passthrough',
  item: { type: 'tool_search_call', call_id: callId },
  callId,
  path: `search ${callId}`,
});
const found = (callId: string): Item => ({
  type: 'passthrough',
  item: { type: 'tool_search_output', call_id: callId },
  resultOf: callId,
  path: `found ${callId}`,
});

const link = (...items: Item[]) => linkCalls(items, { results: 'anywhere' });

/** Ids of calls and results in order, as they go upstream. */
const idsOf = (items: readonly Item[]) =>
  items.flatMap((item) => {
    if (item.type === 'passthrough') return [item.item.call_id];
    return 'callId' in item ? [item.callId] : [];
  });

describe('a call id that is used again after its call was answered', () => {
  it('is replaced for the call and its result', () => {
    const round = [call('call_0'), result('call_0'), said];
    expect(idsOf(link(...round, ...round, ...round))).toEqual([
      'call_0',
      'call_0',
      'call_0_2',
      'call_0_2',
      'call_0_3',
      'call_0_3',
    ]);
  });

  it('is replaced in rounds of parallel calls with results in any order', () => {
    const round = [call('a'), call('b'), result('b'), said, result('a')];
    const ids = idsOf(link(...round, ...round));
    expect(ids).toEqual(['a', 'b', 'b', 'a', 'a_2', 'b_2', 'b_2', 'a_2']);
  });

  it('never becomes an id that another call already has', () => {
    const items = [call('a'), result('a'), call('a'), result('a'), call('a_2'), result('a_2')];
    expect(idsOf(link(...items))).toEqual(['a', 'a', 'a_3', 'a_3', 'a_2', 'a_2']);
  });

  it('becomes the same id in every later request of the conversation', () => {
    const items = [call('a'), result('a'), call('a'), result('a'), said];
    const later = link(...items, call('a'), result('a'));
    expect(later.slice(0, items.length)).toEqual(link(...items));
  });

  it('is replaced even when the calls are of different kinds', () => {
    const custom = call('a', { custom: true });
    const linked = link(custom, result('a'), call('a'), result('a'), search('a'), found('a'));
    expect(idsOf(linked)).toEqual(['a', 'a', 'a_2', 'a_2', 'a_3', 'a_3']);
    expect(linked.map((item) => 'custom' in item && item.custom)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(linked.slice(-2)).toMatchObject([{ callId: 'a_3' }, { resultOf: 'a_3' }]);
  });

  it.each([
    ['in one round', [call('a'), call('a', { path: 'again' }), result('a')]],
    ['after a message', [call('a'), said, call('a', { path: 'again' })]],
    ['by a call of another kind', [search('a'), call('a', { path: 'again' })]],
  ])('is refused while the earlier call has no result: %s', (_where, items) => {
    expect(refusalOf(() => link(...items)).param).toBe('again');
  });
});

describe('a call without a result', () => {
  it('is refused by its path when no result follows anywhere', () => {
    expect(refusalOf(() => link(call('a'), said, call('b'), result('b'))).param).toBe('call a');
    expect(link(call('a'), said, call('b'), result('b'), said, result('a'))).toHaveLength(6);
  });

  it('is refused in chat completions when a message comes before the result', () => {
    const items = [call('a'), said, result('a')];
    expect(refusalOf(() => linkCalls(items, { results: 'adjacent' })).param).toBe('call a');
  });

  it('is refused in OpenAI’s words for each API', () => {
    const say = (results: 'anywhere' | 'adjacent', item: Item) =>
      refusalOf(() => linkCalls([item], { results })).message;
    expect(say('anywhere', call('a'))).toMatch(/^No tool output found for function call a\. /);
    expect(say('anywhere', result('a'))).toMatch(
      /^No tool call found for function call output with call_id a\. /,
    );
    expect(say('adjacent', call('a'))).toMatch(
      /^An assistant message with 'tool_calls' must be followed by tool messages .*response messages: a\. /,
    );
    expect(say('adjacent', result('a'))).toMatch(/^Invalid parameter: messages with role 'tool' must be /);
  });

  it('is logged without its id', () => {
    for (const item of [call('secret'), result('secret')])
      try {
        linkCalls([{ ...item, path: 'input[0]' }], { results: 'anywhere' });
        expect.unreachable();
      } catch (error) {
        expect(JSON.stringify(describeFailure(error))).not.toContain('secret');
      }
  });

  it('is accepted when no model is asked', () => {
    const items = [call('a'), said];
    expect(linkCalls(items, { results: 'anywhere', mayStayOpen: true })).toEqual(items);
  });
});

it('a thousand calls with the same id get a thousand different ids', () => {
  const items = Array.from({ length: 1000 }, () => [call('a'), result('a')]).flat();
  expect(new Set(idsOf(link(...items))).size).toBe(1000);
});
