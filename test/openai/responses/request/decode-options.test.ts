import { describe, expect, it } from 'vitest';
import { decodeResponse, ignoredOf, refusalOf } from '../../../support/decode-response.ts';

const turnOf = (body: object) => decodeResponse(body).request.turn;
const echoOf = (body: object) => decodeResponse(body).presentation.echo;

describe('the request to the model', () => {
  it.each([
    [{ reasoning: { effort: 'low' } }, { reasoningEffort: 'low', reasoningSummary: 'none' }],
    [{ reasoning: { summary: 'auto' } }, { reasoningSummary: 'auto' }],
    [{ reasoning: { generate_summary: 'detailed' } }, { reasoningSummary: 'detailed' }],
    [{ reasoning: { summary: 'concise', generate_summary: 'auto' } }, { reasoningSummary: 'concise' }],
    [{ text: { verbosity: 'high' } }, { verbosity: 'high' }],
    [{ service_tier: 'fast' }, { serviceTier: 'priority' }],
    [{ parallel_tool_calls: false }, { singleCall: true }],
  ])('turns %j into the matching option of the turn', (body, wanted) => {
    expect(turnOf(body)).toMatchObject(wanted);
  });

  it('asks for JSON by a schema or of any kind', () => {
    const schema = { type: 'object', properties: {}, additionalProperties: false };
    const format = { type: 'json_schema', name: 'a', schema, strict: true };
    expect(decodeResponse({ text: { format } }).request.format).toEqual({
      type: 'json-schema',
      schema,
      path: 'text.format.schema',
    });
    expect(decodeResponse({ text: { format: { type: 'json_object' } } }).request.format).toEqual({
      type: 'json-object',
    });
  });

  it('keeps the names that the Responses API uses for its parts', () => {
    expect(decodeResponse({ tools: [{ type: 'web_search' }] }).paramNames).toEqual({
      reasoningEffort: 'reasoning.effort',
      verbosity: 'text.verbosity',
      serviceTier: 'service_tier',
      format: 'text.format',
      webSearch: 'tools[0]',
      callRequired: 'tool_choice',
    });
  });

  it('limits the tokens when limits are enforced', () => {
    const policy = { enforceMaxTokens: true };
    const decoded = decodeResponse({ max_output_tokens: 7 }, { policy });
    expect(decoded.request.maxTokens).toBe(7);
    expect(decoded.presentation.echo.max_output_tokens).toBe(7);
    expect(ignoredOf({ max_output_tokens: 7 }, { policy })).toEqual([]);
    expect(refusalOf(() => decodeResponse({ max_output_tokens: 0 }, { policy }))).toMatchObject({
      code: 'invalid_value',
      param: 'max_output_tokens',
    });
  });
});

describe('storing a response', () => {
  it.each([
    [{}, true, true],
    [{ store: null }, true, true],
    [{ store: false }, true, false],
    [{}, false, false],
    [{ store: true }, false, false],
  ])('follows %j when storing is enabled: %s', (body, stores, kept) => {
    const decoded = decodeResponse(body, { policy: { stores } });
    expect([decoded.store, decoded.presentation.echo.store]).toEqual([kept, kept]);
  });

  it('is reported as ignored when it is asked for but disabled', () => {
    const policy = { stores: false };
    expect(ignoredOf({ store: true }, { policy })).toEqual(['store']);
    expect(ignoredOf({}, { policy })).toEqual([]);
    const strict = { ...policy, strict: true };
    expect(refusalOf(() => decodeResponse({ store: true }, { policy: strict })).param).toBe('store');
  });

  it('is required for background responses', () => {
    expect(decodeResponse({ background: true })).toMatchObject({
      background: true,
      presentation: { background: true, echo: { background: true } },
    });
    const refused = { code: 'invalid_value', param: 'background' };
    const body = { background: true, store: false };
    expect(refusalOf(() => decodeResponse(body))).toMatchObject(refused);
    expect(
      refusalOf(() => decodeResponse({ background: true }, { policy: { stores: false } })),
    ).toMatchObject(refused);
  });
});

describe('a request over a WebSocket', () => {
  const socket = { policy: { socket: true, strict: true } };

  it('is always streamed', () => {
    expect(decodeResponse({ type: 'response.create' }, socket)).toMatchObject({
      stream: true,
      warmUp: false,
    });
    expect(decodeResponse({ stream: true }).stream).toBe(true);
    expect(decodeResponse({}).stream).toBe(false);
  });

  it('may only warm up the connection', () => {
    expect(decodeResponse({ generate: false, input: [] }, socket).warmUp).toBe(true);
    expect(decodeResponse({ generate: false, input: undefined }, socket).warmUp).toBe(true);
    expect(decodeResponse({ generate: false }).warmUp).toBe(false);
  });

  it('cannot run in the background', () => {
    expect(refusalOf(() => decodeResponse({ background: true }, socket)).param).toBe('background');
  });

  it('may name a stream, which other requests cannot', () => {
    const { compatibility } = decodeResponse({ stream_id: 'a' }, socket);
    expect([...compatibility.ignored]).toEqual([]);
    expect([...decodeResponse({ stream_id: 'a' }).compatibility.ignored]).toEqual(['stream_id']);
  });
});

describe('the request fields that a response repeats', () => {
  it('have their defaults when the request leaves them out', () => {
    expect(echoOf({})).toEqual({
      access_programs: null,
      background: false,
      conversation: null,
      frequency_penalty: 0,
      instructions: null,
      max_output_tokens: null,
      max_tool_calls: null,
      metadata: {},
      parallel_tool_calls: true,
      presence_penalty: 0,
      previous_response_id: null,
      prompt_cache_key: null,
      reasoning: { effort: null, summary: null },
      safety_identifier: null,
      store: true,
      temperature: 1,
      text: { format: { type: 'text' } },
      tool_choice: 'auto',
      tools: [],
      top_logprobs: 0,
      top_p: 1,
      truncation: 'disabled',
    });
  });

  it('show the defaults when the request’s value has no effect', () => {
    const wish = { temperature: 0, top_p: 0.5, truncation: 'auto', max_output_tokens: 5, max_tool_calls: 1 };
    expect(echoOf(wish)).toEqual(echoOf({}));
  });

  it.each([
    [
      { type: 'function', function: { name: 'f' } },
      { type: 'function', name: 'f' },
    ],
    [
      { type: 'function', name: 'f' },
      { type: 'function', name: 'f' },
    ],
    [{ function: { name: 'f' } }, { type: 'function', name: 'f' }],
    [
      { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{ type: 'function', name: 'f' }] } },
      { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] },
    ],
  ])('show the tool choice %j in the flat shape', (choice, echoed) => {
    const tools = [{ type: 'function', name: 'f' }];
    expect(echoOf({ tools, tool_choice: choice }).tool_choice).toEqual(echoed);
  });

  it('show the values as they were sent', () => {
    const format = { type: 'json_schema', name: 'a', schema: { type: 'object' }, strict: false };
    const body = {
      instructions: 'Be brief.',
      metadata: { a: 'b' },
      parallel_tool_calls: false,
      reasoning: { effort: 'low', generate_summary: 'auto' },
      text: { format, verbosity: 'low' },
      tool_choice: { type: 'function', name: 'f' },
      user: 'Ann',
      safety_identifier: 'x',
      prompt_cache_key: 'y',
      previous_response_id: 'resp_1',
    };
    expect(echoOf({ ...body, tools: [{ type: 'function', name: 'f' }] })).toMatchObject({
      ...body,
      reasoning: { effort: 'low', summary: 'auto' },
      text: { format: { ...format, description: null }, verbosity: 'low' },
    });
    expect(echoOf({ conversation: 'conv_1' }).conversation).toEqual({ id: 'conv_1' });
    expect(echoOf({ conversation: { id: 'conv_1' } }).conversation).toEqual({ id: 'conv_1' });
  });

  it('show complete tools in the flat shape', () => {
    const custom = { type: 'custom', name: 'g' };
    const search = { type: 'web_search', search_context_size: 'low' };
    const nested = { type: 'function', function: { name: 'f', strict: true, parameters: {} } };
    expect(echoOf({ tools: [nested, custom, search, { type: 'function', name: 'h' }] }).tools).toEqual([
      { type: 'function', name: 'f', description: null, parameters: {}, strict: true },
      custom,
      search,
      { type: 'function', name: 'h', description: null, parameters: null, strict: false },
    ]);
  });

  it('keep only the supported values of include', () => {
    const include = ['reasoning.encrypted_content', 'file_search_call.results'];
    expect(decodeResponse({ include }).presentation.include).toEqual(
      new Set(['reasoning.encrypted_content']),
    );
  });
});
