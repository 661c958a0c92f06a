import { describe, expect, it } from 'vitest';
import { decodeResponse, ignoredOf, refusalOf, sealed } from '../../support/decode-response.ts';

const itemsOf = (...input: object[]) => decodeResponse({ input }).request.turn.items;
const refusal = (...input: object[]) => refusalOf(() => decodeResponse({ input }));
const ignored = (...input: object[]) => ignoredOf({ input });
const HELLO = { role: 'user', content: 'hello' };
const call = (id: string) => ({ type: 'function_call', call_id: id, name: 'f', arguments: '{}' });
const output = (id: string) => ({ type: 'function_call_output', call_id: id, output: 'x' });

describe('input messages', () => {
  it.each(['commentary', 'final_answer'])('keep the phase of an assistant message: %s', (phase) => {
    expect(itemsOf({ role: 'assistant', content: 'x', phase })).toMatchObject([{ phase }]);
  });

  it.each(['partial_answer', 'toString', 5, null])('drop an unknown phase: %s', (phase) => {
    const [item] = itemsOf({ role: 'assistant', content: 'x', phase });
    expect(item).not.toHaveProperty('phase');
  });

  it('may be empty from the assistant but not from the user', () => {
    for (const content of ['', []]) {
      expect(itemsOf({ role: 'assistant', content })).toMatchObject([{ parts: [{ text: '' }] }]);
    }
    expect(refusal({ role: 'user', content: [] }).param).toBe('input[0].content');
  });

  it('with the role system become developer messages', () => {
    expect(itemsOf({ role: 'system', content: 'x' })).toMatchObject([{ role: 'developer' }]);
  });
});

describe('items that only the provider can read', () => {
  const reasoning = {
    type: 'reasoning',
    id: 'rs_1',
    summary: [{ type: 'summary_text', text: 'x' }],
    encrypted_content: 'abc',
  };

  it('send reasoning to the provider unchanged', () => {
    expect(itemsOf(reasoning, HELLO)[0]).toEqual({ type: 'passthrough', item: reasoning, path: 'input[0]' });
    const withNull = { ...reasoning, content: null };
    expect(itemsOf(withNull, HELLO)[0]).toMatchObject({ item: withNull });
    expect(itemsOf({ ...reasoning, status: 'completed' }, HELLO)[0]).toMatchObject({ item: reasoning });
  });

  it.each([
    ['input[0].summary[0].type', { ...reasoning, summary: [{ type: 'text', text: 'x' }] }],
    ['input[0].encrypted_content', { ...reasoning, encrypted_content: 5 }],
    ['input[0].tools', { type: 'tool_search_output', tools: {} }],
    ['input[0].tools[0].type', { type: 'additional_tools', role: 'developer', tools: [{ type: 'foo' }] }],
    ['input[0].reasoning', { type: 'configuration_update' }],
  ])('are refused with the name of a malformed field: %s', (param, item) => {
    expect(refusal(item, HELLO).param).toBe(param);
  });

  it.each([
    { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'x' } },
    { type: 'agent_message', author: 'a', recipient: 'b', content: [{ type: 'input_text', text: 'x' }] },
    { type: 'configuration_update', reasoning: { effort: 'low' } },
    { type: 'additional_tools', role: 'developer', tools: [{ type: 'function', name: 'f' }] },
  ])('are sent to the provider unchanged: %j', (item) => {
    expect(itemsOf(item, HELLO)[0]).toEqual({ type: 'passthrough', item, path: 'input[0]' });
    expect(ignored({ ...item, foo: 1 }, HELLO)).toEqual(['input[].foo']);
  });

  it.each([[[{ type: 'foo' }]], [5]])('leave out an unknown field that is called tools: %j', (tools) => {
    expect(itemsOf({ ...reasoning, tools }, HELLO)[0]).toMatchObject({ item: reasoning });
    expect(ignored({ ...reasoning, tools }, HELLO)).toEqual(['input[].tools']);
  });

  it('require a result for each tool search call and a call for each result', () => {
    const search = { type: 'tool_search_call', call_id: 'a', execution: 'client', arguments: { query: 'x' } };
    const found = { type: 'tool_search_output', call_id: 'a', execution: 'client', tools: [] };
    expect(itemsOf(search, found)).toMatchObject([
      { callId: 'a', item: search },
      { resultOf: 'a', item: found },
    ]);
    expect(refusal(search).message).toContain('no result follows');
    expect(refusal(found).message).toContain('no call before it');
    expect(refusal(search, output('a')).message).toContain('of another kind');
    expect(refusal(call('a'), found).message).toContain('of another kind');
    const byProvider = { type: 'tool_search_call', execution: 'server', arguments: {} };
    expect(itemsOf(byProvider, HELLO)[0]).not.toHaveProperty('callId');
  });
});

describe('input calls', () => {
  it.each([
    ['input[0]', [call('a')]],
    ['input[1]', [HELLO, call('a'), HELLO]],
    ['input[0]', [call('a'), call('b'), output('b'), HELLO]],
    ['input[1]', [call('a'), call('a'), output('a'), output('a')]],
    ['input[0]', [output('a')]],
    ['input[2]', [call('a'), output('a'), output('a')]],
    ['input[2]', [call('a'), output('a'), call('a')]],
  ])('are refused at %s without a matching result or call: case %#', (param, input) => {
    expect(refusal(...input)).toMatchObject({ code: 'invalid_value', param });
  });

  it('keep the namespace of their tool', () => {
    expect(itemsOf({ ...call('a'), namespace: 'n' }, output('a'))[0]).toMatchObject({ namespace: 'n' });
  });

  it('of custom tools accept results of either type', () => {
    const custom = { type: 'custom_tool_call', call_id: 'a', name: 'g', input: 'x' };
    for (const type of ['custom_tool_call_output', 'function_call_output']) {
      expect(itemsOf(custom, { ...output('a'), type })).toMatchObject([
        { custom: true, arguments: 'x' },
        { custom: true },
      ]);
      expect(itemsOf(call('a'), { ...output('a'), type })[1]).not.toHaveProperty('custom');
    }
  });

  it('of custom tools become function calls when the tool is offered as a function', () => {
    const custom = { type: 'custom_tool_call', call_id: 'a', name: 'g', input: 'x' };
    const result = { ...output('a'), type: 'custom_tool_call_output' };
    const decode = (body: object) =>
      decodeResponse({ input: [custom, result], ...body }).request.turn.items.map((item) => ({ ...item }));
    const tools = [{ type: 'custom', name: 'g' }];
    for (const body of [{ tools }, { tools, tool_choice: 'none' }]) {
      expect(decode(body)[0]).toMatchObject({ arguments: '{"input":"x"}' });
      expect(decode(body)[1]).not.toHaveProperty('custom');
    }
    expect(decode({ tools: [...tools, { type: 'tool_search' }] })[0]).toMatchObject({ custom: true });
  });
});

describe('a compaction in the input', () => {
  it.each(['compaction', 'context_compaction'])(
    'is sent to the model as text when this gateway made it: %s',
    (type) => {
      expect(itemsOf({ type, encrypted_content: sealed('All is well.') }, HELLO)[0]).toEqual({
        type: 'message',
        role: 'user',
        parts: [{ type: 'text', text: 'A summary of the conversation so far:\n\nAll is well.' }],
        path: 'input[0]',
      });
    },
  );

  it('is refused when another gateway or provider made it', () => {
    const told = refusal({ type: 'compaction', encrypted_content: 'abc' });
    expect(told).toMatchObject({ code: 'invalid_value', param: 'input[0].encrypted_content' });
    expect(told.message).toContain('another gateway or provider');
  });
});

describe('input items of tools that are not offered', () => {
  it.each([
    { type: 'file_search_call', id: 'a', status: 'completed', queries: ['x'], results: null },
    { type: 'code_interpreter_call', id: 'a', code: 'x', outputs: [] },
    { type: 'image_generation_call', id: 'a', result: null },
    { type: 'mcp_call', id: 'a', name: 'x', arguments: '{}', output: null },
    { type: 'mcp_list_tools', id: 'a', tools: [] },
    { type: 'mcp_approval_request', id: 'a' },
  ])('are left out and reported as ignored: $type', (item) => {
    const { request, input, compatibility } = decodeResponse({ input: [item, HELLO] });
    expect(request.turn.items).toHaveLength(1);
    expect(input).toHaveLength(1);
    expect([...compatibility.ignored]).toEqual(['input[]']);
    const strict = { policy: { strict: true } };
    expect(refusalOf(() => decodeResponse({ input: [item, HELLO] }, strict)).param).toBe('input[0]');
  });

  it.each([
    { type: 'mcp_approval_response', approve: true },
    { type: 'computer_call', call_id: 'a' },
    { type: 'computer_call_output', call_id: 'a' },
    { type: 'local_shell_call', call_id: 'a' },
    { type: 'shell_call_output', call_id: 'a' },
    { type: 'apply_patch_call', call_id: 'a' },
    { type: 'program_output', call_id: 'a' },
    { type: 'compaction_trigger' },
    { type: 'foo' },
    { type: 'constructor' },
  ])('are refused when leaving them out would lose content: $type', (item) => {
    const told = refusal(item, HELLO);
    expect(told).toMatchObject({ code: 'unsupported_parameter', param: 'input[0]' });
    expect(told.message).toContain(`'${item.type}'`);
  });
});

describe('input items that hold the result of a tool run by the provider', () => {
  const MCP = { type: 'mcp_call', id: 'mcp_1', name: 'read', server_label: 'files', arguments: '{"a":1}' };
  const FOUND = [
    { file_id: 'file-1', filename: 'a.md', score: 0.5, text: 'Tea is hot.', attributes: { year: 2026 } },
    { text: 'Ice is cold.' },
  ];

  it.each<[object, string]>([
    [
      { ...MCP, output: 'done', error: null, approval_request_id: null, status: 'completed' },
      'The tool "read" of the MCP server "files" was called.\n\nArguments:\n{"a":1}\n\nOutput:\ndone',
    ],
    [
      { ...MCP, output: null, error: { type: 'http_error', code: 500 } },
      'The tool "read" of the MCP server "files" was called.\n\nArguments:\n{"a":1}\n\nError:\n{"type":"http_error","code":500}',
    ],
    [
      { type: 'file_search_call', id: 'fs_1', status: 'completed', queries: ['tea'], results: FOUND },
      `The files were searched.\n\nQueries:\n["tea"]\n\nResults:\n${FOUND.map((one) => JSON.stringify(one)).join('\n')}`,
    ],
  ])('are sent as a developer message with their complete content: %j', (item, text) => {
    const { request, input, compatibility } = decodeResponse({ input: [HELLO, item, HELLO] });
    expect(request.turn.items[1]).toEqual({
      type: 'message',
      role: 'developer',
      parts: [{ type: 'text', text }],
      path: 'input[1]',
    });
    expect(input[1]).toMatchObject(item);
    expect([...compatibility.ignored]).toEqual([]);
    expect(compatibility.adjustments).toEqual([
      { path: 'input[1]', from: (item as { type: string }).type, to: 'message' },
    ]);
  });

  it('include their images as images', () => {
    const generated = {
      type: 'image_generation_call',
      id: 'ig_1',
      result: 'QUE=',
      output_format: 'webp',
      revised_prompt: 'A cup.',
      size: '1024x1024',
    };
    const outputs = [
      { type: 'logs', logs: '42' },
      { type: 'image', url: 'data:image/png;base64,QUE=' },
    ];
    const run = { type: 'code_interpreter_call', id: 'ci_1', code: 'print(42)', container_id: 'c', outputs };
    expect(itemsOf(generated, run).map((item) => 'parts' in item && item.parts)).toEqual([
      [
        { type: 'text', text: 'An image was generated.\n\nPrompt:\nA cup.' },
        { type: 'image', url: 'data:image/webp;base64,QUE=', detail: 'auto', path: 'input[0].result' },
      ],
      [
        { type: 'text', text: 'Code was run.\n\nCode:\nprint(42)' },
        { type: 'text', text: 'Output:\n42' },
        {
          type: 'image',
          url: 'data:image/png;base64,QUE=',
          detail: 'auto',
          path: 'input[1].outputs[1].url',
        },
      ],
    ]);
    const asUrl = { ...generated, result: 'data:image/png;base64,QUE=' };
    expect(itemsOf(asUrl)).toMatchObject([{ parts: [{}, { url: 'data:image/png;base64,QUE=' }] }]);
  });

  it.each([
    ['input[0].name', { type: 'mcp_call', output: 'x' }],
    ['input[0].output', { ...MCP, output: ['x'] }],
    ['input[0].results[0]', { type: 'file_search_call', results: ['x'] }],
    ['input[0].outputs[0]', { type: 'code_interpreter_call', outputs: [{ type: 'sound' }] }],
    ['input[0].result', { type: 'image_generation_call', result: 5 }],
  ])('are refused with the name of a malformed field: %s', (param, item) => {
    expect(refusal(item, HELLO).param).toBe(param);
  });
});
