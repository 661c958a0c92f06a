import { describe, expect, it } from 'vitest';
import { decodeChatRequest, type ChatRequest } from '../../../src/openai/chat/decode.ts';
import { refusalOf } from '../../support/decode-response.ts';
import { runAtOnce } from '../../support/run-at-once.ts';

const USER = { role: 'user', content: 'hello' };
const FUNCTION = { name: 'f', parameters: { type: 'object', properties: {} } };
const TOOL = { type: 'function', function: FUNCTION };
const CALL = { id: 'call_a', type: 'function', function: { name: 'f', arguments: '{}' } };

interface TestPolicy {
  readonly strict?: boolean;
  readonly enforceMaxTokens?: boolean;
}

const decode = (body: object, policy: TestPolicy = {}): ChatRequest =>
  runAtOnce(
    decodeChatRequest(
      { model: 'm', messages: [USER], ...body },
      { strict: false, enforceMaxTokens: false, ...policy },
    ),
  );

const itemsOf = (...messages: object[]) => decode({ messages }).request.turn.items;

const ignoredIn = (body: object) => [...decode(body).compatibility.ignored];

describe('the messages of a chat', () => {
  it('become messages of a developer, a user and an assistant', () => {
    expect(
      itemsOf({ role: 'system', content: 'a' }, { role: 'developer', content: 'b' }, USER, {
        role: 'assistant',
        content: 'c',
      }),
    ).toEqual([
      { type: 'message', role: 'developer', parts: [{ type: 'text', text: 'a' }], path: 'messages[0]' },
      { type: 'message', role: 'developer', parts: [{ type: 'text', text: 'b' }], path: 'messages[1]' },
      { type: 'message', role: 'user', parts: [{ type: 'text', text: 'hello' }], path: 'messages[2]' },
      { type: 'message', role: 'assistant', parts: [{ type: 'text', text: 'c' }], path: 'messages[3]' },
    ]);
  });

  it('may be calls without text, each followed by its result', () => {
    const items = itemsOf(
      { role: 'assistant', content: null, tool_calls: [CALL] },
      { role: 'tool', tool_call_id: 'call_a', content: 'done' },
    );
    expect(items).toEqual([
      { type: 'tool-call', callId: 'call_a', name: 'f', arguments: '{}', path: 'messages[0]' },
      {
        type: 'tool-result',
        callId: 'call_a',
        parts: [{ type: 'text', text: 'done' }],
        path: 'messages[1]',
      },
    ]);
  });

  it('may be calls of custom tools, whose input becomes an argument', () => {
    const call = { id: 'call_a', type: 'custom', custom: { name: 'paint', input: 'red' } };
    expect(
      itemsOf(
        { role: 'assistant', content: 'I paint.', tool_calls: [call] },
        { role: 'tool', tool_call_id: 'call_a', content: 'done' },
      ),
    ).toMatchObject([
      { type: 'message', role: 'assistant' },
      { type: 'tool-call', name: 'paint', arguments: '{"input":"red"}' },
      { type: 'tool-result' },
    ]);
  });

  it('may be a legacy call with its result right after it', () => {
    const call = { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } };
    expect(itemsOf(call, { role: 'function', name: 'f', content: 'done' })).toMatchObject([
      { type: 'tool-call', callId: 'call_of_message_0', name: 'f' },
      { type: 'tool-result', callId: 'call_of_message_0' },
    ]);
    expect(refusalOf(() => itemsOf(call, USER)).message).toContain("does not have the role 'function'");
    expect(refusalOf(() => itemsOf(USER, { role: 'function', name: 'f', content: 'x' }))).toMatchObject({
      param: 'messages[1]',
    });
  });

  it('may be an empty answer, or a refusal, which the model reads as text', () => {
    expect(itemsOf({ role: 'assistant', content: '' })).toMatchObject([
      { parts: [{ type: 'text', text: '' }] },
    ]);
    expect(itemsOf({ role: 'assistant', content: null, refusal: 'no' })).toMatchObject([
      { parts: [{ type: 'text', text: 'no' }] },
    ]);
  });

  it('hold images and text files, and name the file in a notice', () => {
    const content = [
      { type: 'image_url', image_url: { url: 'https://a.example/b.png', detail: 'low' } },
      { type: 'file', file: { filename: 'a.txt', file_data: btoa('text') } },
    ];
    const { request, compatibility } = decode({ messages: [{ role: 'user', content }] });
    expect(request.turn.items).toMatchObject([
      {
        parts: [
          {
            type: 'image',
            url: 'https://a.example/b.png',
            detail: 'low',
            path: 'messages[0].content[0].image_url',
          },
          { type: 'text', text: '<file name="a.txt">\ntext\n</file>' },
        ],
      },
    ]);
    expect(compatibility.adjustments).toEqual([
      { path: 'messages[0].content[1].file', from: 'file', to: 'text' },
    ]);
  });

  it.each([
    ['messages[0].role', [{ role: 'robot', content: 'x' }]],
    ['messages[0].content', [{ role: 'user', content: [] }]],
    ['messages[0].content[0]', [{ role: 'system', content: [{ type: 'image_url', image_url: {} }] }]],
    ['messages[0].content[0]', [{ role: 'user', content: ['x'] }]],
    ['messages[0].tool_calls[0]', [{ role: 'assistant', tool_calls: [{ id: 'a' }] }]],
    ['messages[0].tool_call_id', [{ role: 'tool', content: 'x' }]],
    ['messages', []],
  ])('are refused with the name of the wrong field: %s', (param, messages) => {
    expect(refusalOf(() => decode({ messages })).param).toBe(param);
  });
});

describe('the options of a chat', () => {
  it('become options of the turn and of its answer', () => {
    const { request, style, stream } = decode({
      reasoning_effort: 'low',
      verbosity: 'high',
      service_tier: 'fast',
      parallel_tool_calls: false,
      n: 2,
      stop: 'END',
      stream: true,
      stream_options: { include_usage: true },
      metadata: { a: 'b' },
      web_search_options: { search_context_size: 'low' },
    });
    expect(request).toMatchObject({
      turn: {
        reasoningEffort: 'low',
        verbosity: 'high',
        serviceTier: 'priority',
        singleCall: true,
        webSearch: { contextSize: 'low' },
      },
      n: 2,
      stop: ['END'],
      maxTokens: undefined,
    });
    expect(style).toMatchObject({ includeUsage: true, n: 2, metadata: { a: 'b' } });
    expect(stream).toBe(true);
  });

  it('are taken under their first name if a request has both', () => {
    const both = { reasoning_effort: 'low', reasoning: { effort: 'high' } };
    expect(decode(both).request.turn.reasoningEffort).toBe('low');
    expect(ignoredIn(both)).toEqual(['reasoning.effort']);
    expect(refusalOf(() => decode(both, { strict: true }))).toEqual({
      code: 'invalid_value',
      param: 'reasoning.effort',
      message:
        "Invalid 'reasoning.effort': the request has 'reasoning_effort' as well; send only one of the two.",
    });
    expect(ignoredIn({ reasoning_effort: 'low', reasoning: { effort: 'low' } })).toEqual([]);
  });

  it('limit the tokens only if limits are enforced, by the new name before the old one', () => {
    const limits = { max_tokens: 5, max_completion_tokens: 7 };
    expect(decode(limits, { enforceMaxTokens: true }).request.maxTokens).toBe(7);
    expect(decode({ max_tokens: 5 }, { enforceMaxTokens: true }).request.maxTokens).toBe(5);
    expect(decode(limits).request.maxTokens).toBeUndefined();
    expect(ignoredIn(limits)).toEqual(['max_tokens', 'max_completion_tokens']);
  });

  it('hold a format, with its schema below json_schema', () => {
    const schema = { type: 'object', properties: {} };
    const format = (value: object) => decode({ response_format: value }).request.format;
    expect(format({ type: 'text' })).toEqual({ type: 'text' });
    expect(format({ type: 'json_object' })).toEqual({ type: 'json-object' });
    expect(format({ type: 'json_schema', json_schema: { name: 'a', schema } })).toEqual({
      type: 'json-schema',
      schema,
      path: 'response_format.json_schema.schema',
    });
    expect(format({ type: 'json_schema', json_schema: { name: 'a' } })).toEqual({ type: 'json-object' });
    expect(refusalOf(() => format({ type: 'json_schema' })).param).toBe('response_format.json_schema');
  });
});

describe('the tools of a chat', () => {
  it('are functions and custom tools', () => {
    const custom = { type: 'custom', custom: { name: 'paint' } };
    const { request, style } = decode({ tools: [TOOL, custom] });
    expect(request.turn.tools?.map(({ name, path }) => [name, path])).toEqual([
      ['f', 'tools[0].function'],
      ['paint', 'tools[1].custom'],
    ]);
    expect(style).toMatchObject({ customTools: new Set(['paint']), legacyCalls: false });
  });

  it('may be legacy functions, whose choice has its own name', () => {
    const { request, style, paramNames } = decode({ functions: [FUNCTION], function_call: { name: 'f' } });
    expect(request.turn.tools?.map(({ path }) => path)).toEqual(['functions[0]']);
    expect([request.callRequired, request.turn.singleCall]).toEqual(['f', true]);
    expect(style.legacyCalls).toBe(true);
    expect(paramNames.callRequired).toBe('function_call');
  });

  it('leave out tools that Codex cannot offer, and web search, which is an option here', () => {
    const tools = [TOOL, { type: 'file_search' }, { type: 'web_search' }];
    expect(decode({ tools }).request.turn.tools).toHaveLength(1);
    expect(ignoredIn({ tools })).toEqual(['tools[].file_search', 'tools[].web_search']);
  });

  it('are refused if two have the same name, or if there are functions too', () => {
    expect(refusalOf(() => decode({ tools: [TOOL, TOOL] })).param).toBe('tools[1].function.name');
    expect(refusalOf(() => decode({ tools: [TOOL], functions: [FUNCTION] })).param).toBe('functions');
  });
});
