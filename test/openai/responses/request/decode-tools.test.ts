import { describe, expect, it } from 'vitest';
import { decodeResponse, ignoredOf, refusalOf } from '../../../support/decode-response.ts';

const decode = (body: object) => decodeResponse(body);
const turnOf = (body: object) => decode(body).request.turn;
const refusal = (body: object) => refusalOf(() => decode(body));

const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } } };
const FUNCTION = { type: 'function', name: 'f', description: 'x', parameters: PARAMETERS, strict: false };
const CUSTOM = { type: 'custom', name: 'g', description: 'y' };
const GRAMMAR = { type: 'grammar', syntax: 'lark', definition: 'start: "a"' };
const SEARCH = { type: 'web_search' };
const NAMESPACE = { type: 'namespace', name: 'n', description: '', tools: [FUNCTION] };

describe('tools that Codex can represent', () => {
  it('are sent as functions and as Codex’s own web search', () => {
    const decoded = decode({ tools: [FUNCTION, CUSTOM, SEARCH] });
    const { turn } = decoded.request;
    expect(turn.tools).toEqual([
      { name: 'f', description: 'x', parameters: PARAMETERS, strict: false, path: 'tools[0]' },
      expect.objectContaining({ name: 'g', parameters: expect.objectContaining({ required: ['input'] }) }),
    ]);
    expect(turn.webSearch).toEqual({});
    expect(turn.passthroughTools).toBeUndefined();
    expect(decoded.presentation.customTools).toEqual(new Set(['g']));
  });

  it('may be nested as in chat completions', () => {
    const tools = [{ type: 'function', function: { name: 'f', parameters: PARAMETERS } }];
    expect(turnOf({ tools }).tools).toMatchObject([{ name: 'f', path: 'tools[0].function' }]);
  });

  it.each(['web_search', 'web_search_2025_08_26', 'web_search_preview', 'web_search_preview_2025_03_11'])(
    'pass the options of %s on to the web search',
    (type) => {
      const tool = {
        type,
        search_context_size: 'low',
        user_location: { type: 'approximate', city: 'Ulm', region: null },
        filters: { allowed_domains: ['example.org'] },
        external_web_access: true,
      };
      expect(turnOf({ tools: [tool] }).webSearch).toEqual({
        contextSize: 'low',
        allowedDomains: ['example.org'],
        location: { city: 'Ulm' },
      });
      expect(ignoredOf({ tools: [tool] })).toEqual([]);
    },
  );

  it.each([
    ['tools[].external_web_access', { ...SEARCH, external_web_access: false }],
    ['tools[].search_content_types', { ...SEARCH, search_content_types: ['image'] }],
    ['tools[].user_location.foo', { ...SEARCH, user_location: { foo: 1 } }],
    ['tools[].filters.foo', { ...SEARCH, filters: { foo: 1 } }],
    ['tools[].output_schema', { ...FUNCTION, output_schema: {} }],
    ['tools[].async', { ...FUNCTION, async: true }],
    ['tools[].allowed_callers', { ...FUNCTION, allowed_callers: ['programmatic'] }],
    ['tools[].foo', { ...CUSTOM, foo: 1 }],
  ])('report %s as ignored', (path, tool) => {
    expect(ignoredOf({ tools: [tool] })).toEqual([path]);
  });

  it('are accepted without a notice when their fields ask for the default behaviour', () => {
    const tool = { ...FUNCTION, async: false, defer_loading: false, allowed_callers: ['direct'] };
    expect(ignoredOf({ tools: [{ ...tool, output_schema: null }] })).toEqual([]);
    expect(turnOf({ tools: [tool] }).tools).toHaveLength(1);
  });
});

describe('a list of tools that includes one Codex cannot represent', () => {
  it.each([
    ['a grammar', { ...CUSTOM, format: GRAMMAR }],
    ['a namespace', NAMESPACE],
    ['a search for tools', { type: 'tool_search', execution: 'client', description: 'x' }],
    ['a deferred function', { ...FUNCTION, name: 'h', defer_loading: true }],
    ['a function with a name that Codex reserves', { ...FUNCTION, name: 'exec_command' }],
    ['a custom tool with a name that Codex reserves', { ...CUSTOM, name: 'mcp__x' }],
  ])('is sent to the provider unchanged because of %s', (_, tool) => {
    const search = { ...SEARCH, external_web_access: false, foo: 1 };
    const decoded = decode({ tools: [{ ...FUNCTION, foo: 1 }, tool, search] });
    expect(decoded.request.turn).toMatchObject({
      tools: [],
      passthroughTools: [{ ...FUNCTION, foo: 1 }, tool, search],
      webSearch: undefined,
    });
    expect(decoded.presentation.customTools).toEqual(new Set());
    expect([...decoded.compatibility.ignored]).toEqual([]);
    expect(decoded.compatibility.adjustments).toEqual([]);
  });

  it('is sent to the provider unchanged beside tools given in the input', () => {
    const input = [
      { type: 'additional_tools', role: 'developer', tools: [NAMESPACE] },
      { role: 'user', content: 'hello' },
    ];
    expect(turnOf({ input })).toMatchObject({ tools: [], passthroughTools: [] });
    expect(turnOf({ input, tools: [FUNCTION] })).toMatchObject({ tools: [], passthroughTools: [FUNCTION] });
    const body = { input: 'hello', previous_response_id: 'resp_1', tools: [FUNCTION] };
    const { turn } = decodeResponse(body, { history: input.map((item) => ({ ...item })) }).request;
    expect(turn.passthroughTools).toEqual([FUNCTION]);
    const none = decode({ input, tool_choice: 'none' });
    expect(none.request.turn).toMatchObject({ tools: [], passthroughTools: undefined });
    expect(none.request.turn.items).toHaveLength(1);
    expect(none.input).toHaveLength(2);
    for (const tool_choice of ['required', { type: 'function', name: 'f' }])
      expect(refusal({ input, tool_choice, tools: [FUNCTION] })).toMatchObject({
        code: 'unsupported_parameter',
        param: 'tool_choice',
      });
  });

  it('is sent to the provider in the flat shape of the Responses API', () => {
    const nested = { type: 'custom', custom: { name: 'g', format: { type: 'grammar', grammar: GRAMMAR } } };
    const function_ = { type: 'function', function: { name: 'f' } };
    expect(turnOf({ tools: [nested, function_] }).passthroughTools).toEqual([
      { type: 'custom', name: 'g', format: GRAMMAR },
      { type: 'function', name: 'f' },
    ]);
  });

  it('is sent as usual when tool_choice leaves out the tool that Codex cannot represent', () => {
    const tools = [FUNCTION, { ...CUSTOM, format: GRAMMAR }, SEARCH];
    const allowed = (mode: string, ...names: object[]) => ({
      tools,
      tool_choice: { type: 'allowed_tools', mode, tools: names },
    });
    const f = { type: 'function', name: 'f' };
    const g = { type: 'custom', name: 'g' };
    expect(turnOf(allowed('auto', f))).toMatchObject({ tools: [{ name: 'f' }], webSearch: undefined });
    expect(turnOf(allowed('auto', f, { type: 'web_search_preview' }))).toMatchObject({
      tools: [{ name: 'f' }],
      webSearch: {},
    });
    expect(turnOf(allowed('auto', f, g)).passthroughTools).toEqual(tools.slice(0, 2));
    expect(turnOf({ tools, tool_choice: 'none' })).toMatchObject({ tools: [], passthroughTools: undefined });
    expect(refusal(allowed('required', f, g)).param).toBe('tool_choice');
  });
});

describe('a required tool call', () => {
  it.each([
    ['required', 'required', 2],
    [{ type: 'function', name: 'f' }, 'f', 1],
    [{ type: 'function', function: { name: 'f' } }, 'f', 1],
    [{ type: 'custom', name: 'g' }, 'g', 1],
  ])('is decoded from the choice %j', (tool_choice, callRequired, count) => {
    const { request } = decode({ tools: [FUNCTION, CUSTOM], tool_choice });
    expect(request.callRequired).toBe(callRequired);
    expect(request.turn.tools).toHaveLength(count);
  });

  it('may be of a function beside tools that Codex cannot represent', () => {
    const tools = [FUNCTION, NAMESPACE];
    const { request } = decode({ tools, tool_choice: { type: 'function', name: 'f' } });
    expect(request).toMatchObject({ callRequired: 'f', turn: { tools: [{ name: 'f' }] } });
  });

  it.each([
    [[SEARCH], { type: 'web_search_preview' }],
    [[SEARCH], 'required'],
    [[FUNCTION, NAMESPACE], 'required'],
    [[NAMESPACE], { type: 'namespace', name: 'n' }],
    [[{ type: 'tool_search' }], { type: 'tool_search' }],
    [[{ ...CUSTOM, format: GRAMMAR }], { type: 'custom', name: 'g' }],
    [[FUNCTION], { type: 'file_search' }],
    [[FUNCTION], { type: 'mcp', server_label: 'x' }],
    [[FUNCTION], { type: 'function', name: 'h' }],
    [[], 'required'],
    [[FUNCTION], 'always'],
  ])('is refused when it cannot be guaranteed: tools %j, tool_choice %j', (tools, tool_choice) => {
    expect(refusal({ tools, tool_choice }).param).toBe('tool_choice');
  });
});

describe('a 400 for a wrong tool', () => {
  it.each(['foo', 'constructor'])('lists the supported types when the type is %s', (type) => {
    const told = refusal({ tools: [FUNCTION, { type }] });
    expect(told).toMatchObject({ code: 'unsupported_parameter', param: 'tools[1].type' });
    expect(told.message).toContain('supported: function, custom, namespace, tool_search, web_search');
    expect(refusal({ tools: [{ ...NAMESPACE, tools: [{ type }] }] }).param).toBe('tools[0].tools[0].type');
    const hidden = { type: 'function', function: { type, name: 'f', defer_loading: true } };
    expect(turnOf({ tools: [hidden] }).passthroughTools).toMatchObject([{ type: 'function' }]);
  });

  it.each([
    ['tools[1]', [FUNCTION, { ...CUSTOM, name: 'f' }]],
    ['tools[1]', [SEARCH, { type: 'web_search_preview' }]],
    ['tools[0].name', [{ type: 'function' }]],
    ['tools[0].name', [{ ...FUNCTION, name: 'a b' }]],
    ['tools[0].function.name', [{ type: 'function', function: {} }]],
    ['tools[0]', ['f']],
    ['tools[0].search_context_size', [{ ...SEARCH, search_context_size: 'huge' }]],
    ['tools[0].format', [{ ...CUSTOM, format: { type: 'foo' } }]],
  ])('names the field %s for %j', (param, tools) => {
    expect(refusal({ tools }).param).toBe(param);
  });

  it('names the place in the schema when a schema is wrong', () => {
    const parameters = { type: 'object', properties: { a: { type: 'strnig' } } };
    const told = refusal({ tools: [{ ...FUNCTION, parameters }] });
    expect(told.code).toBe('invalid_function_parameters');
    expect(told.param).toMatch(/^tools\[0\]\.parameters\.properties\.a/);
  });
});
