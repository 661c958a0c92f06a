import { describe, expect, it } from 'vitest';
import type { TurnEvent } from '../../../src/conversation/turn-event.ts';
import type { ChatStyle } from '../../../src/openai/chat/decode.ts';
import { createChatUpdateEncoder, type ChatUpdate } from '../../../src/openai/chat/encode-updates.ts';

const STYLE: ChatStyle = {
  includeUsage: false,
  n: 1,
  customTools: new Set(['paint']),
  legacyCalls: false,
  metadata: undefined,
};

function updatesOf(events: readonly TurnEvent[], style: Partial<ChatStyle> = {}): ChatUpdate[] {
  return events.flatMap(createChatUpdateEncoder({ ...STYLE, ...style }));
}

const deltas = (events: readonly TurnEvent[], style?: Partial<ChatStyle>) =>
  updatesOf(events, style).map(({ delta }) => delta);

const call = (name: string, args = '{}', more: object = {}): TurnEvent => ({
  type: 'tool-call',
  callId: `call_${name}`,
  name,
  arguments: args,
  ...more,
});
const text = (content: string): TurnEvent => ({ type: 'text-delta', text: content });
const thought = (content: string, paragraph: string): TurnEvent => ({
  type: 'reasoning-delta',
  text: content,
  paragraph,
});
const end = (reason: 'stop' | 'tool-calls'): TurnEvent => ({
  type: 'turn-end',
  reason,
  isComplete: true,
  usage: null,
});

describe('the updates of a chat choice', () => {
  it('begin the message before its first content', () => {
    expect(updatesOf([{ type: 'progress' }, text('a'), text('b'), end('stop')])).toEqual([
      { delta: { role: 'assistant', content: '', refusal: null }, finishReason: null },
      { delta: { content: 'a' }, finishReason: null },
      { delta: { content: 'b' }, finishReason: null },
      { delta: {}, finishReason: 'stop' },
    ]);
  });

  it('begin without content if a call comes first', () => {
    expect(deltas([call('f')])[0]).toEqual({ role: 'assistant', content: null, refusal: null });
  });

  it('separate the paragraphs of the reasoning', () => {
    expect(deltas([thought('a', '1'), thought('b', '1'), thought('c', '2')]).slice(1)).toEqual([
      { reasoning_content: 'a' },
      { reasoning_content: 'b' },
      { reasoning_content: '\n\nc' },
    ]);
  });

  it('number the calls', () => {
    expect(deltas([text('a'), call('f', '{"x":1}'), call('g')]).slice(2)).toEqual([
      {
        tool_calls: [
          { index: 0, id: 'call_f', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
        ],
      },
      {
        tool_calls: [{ index: 1, id: 'call_g', type: 'function', function: { name: 'g', arguments: '{}' } }],
      },
    ]);
  });

  it.each([
    ['offered by the request', call('paint', '{"input":"red"}')],
    ['in the form of the provider', call('paint', 'red', { custom: true })],
  ])('write a call of a custom tool as custom when it is %s', (_, event) => {
    expect(deltas([event])[1]).toEqual({
      tool_calls: [{ index: 0, id: 'call_paint', type: 'custom', custom: { name: 'paint', input: 'red' } }],
    });
  });

  it('name the namespace of a tool', () => {
    expect(deltas([call('f', '{}', { namespace: 'n' })])[1]).toMatchObject({
      tool_calls: [{ function: { name: 'n.f' } }],
    });
  });

  it('have a function_call and its finish reason if the request has functions', () => {
    expect(updatesOf([call('f'), end('tool-calls')], { legacyCalls: true }).slice(1)).toEqual([
      { delta: { function_call: { name: 'f', arguments: '{}' } }, finishReason: null },
      { delta: {}, finishReason: 'function_call' },
    ]);
    expect(updatesOf([end('tool-calls')]).at(-1)?.finishReason).toBe('tool_calls');
  });

  it('cite the web', () => {
    const citation = { type: 'citation', url: 'https://a.example', title: 'A', start: 1, end: 2 } as const;
    expect(deltas([citation])[1]).toEqual({
      annotations: [
        {
          type: 'url_citation',
          url_citation: { start_index: 1, end_index: 2, title: 'A', url: 'https://a.example' },
        },
      ],
    });
  });
});
