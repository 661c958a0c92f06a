import { describe, expect, it } from 'vitest';
import { decodeChatRequest } from '../../../../src/openai/chat/decode.ts';
import { decodeResponse, ignoredOf, refusalOf, type Given } from '../../../support/decode-response.ts';
import { runAtOnce } from '../../../support/run-at-once.ts';

const refusal = (body: object, given: Given = {}) => refusalOf(() => decodeResponse(body, given));
const FORMAT = { type: 'json_schema', name: 'a', schema: { type: 'object' } };

describe('decoding a conversation', () => {
  const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';
  const call = (id: string) => ({ id, name: 'f', arguments: `{"id":"${id}"}` });

  it('gives the model the same conversation from either API', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url: PIXEL, detail: 'high' } },
        ],
      },
      {
        role: 'assistant',
        content: 'I look.',
        tool_calls: ['a', 'b'].map((id) => {
          const { name, arguments: args } = call(id);
          return { id, type: 'function', function: { name, arguments: args } };
        }),
      },
      { role: 'tool', tool_call_id: 'a', content: 'red' },
      { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: 'blue' }] },
      { role: 'user', content: 'Well?' },
    ];
    const input = [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'What is this?' },
          { type: 'input_image', image_url: PIXEL, detail: 'high' },
        ],
      },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'I look.' }] },
      ...['a', 'b'].map((id) => ({ type: 'function_call', ...call(id), call_id: id, id: `fc_${id}` })),
      { type: 'function_call_output', call_id: 'a', output: 'red' },
      { type: 'function_call_output', call_id: 'b', output: [{ type: 'input_text', text: 'blue' }] },
      { role: 'user', content: 'Well?' },
    ];
    const parameters = { type: 'object', properties: { id: { type: 'string' } } };
    const common = { model: 'gpt-5.5', tool_choice: 'required', parallel_tool_calls: false };
    const policy = { strict: true, enforceMaxTokens: false };
    const chat = runAtOnce(
      decodeChatRequest(
        { ...common, messages, tools: [{ type: 'function', function: { name: 'f', parameters } }] },
        policy,
      ),
    );
    const response = decodeResponse(
      {
        ...common,
        instructions: 'Be brief.',
        input,
        tools: [{ type: 'function', name: 'f', parameters, strict: null }],
      },
      { policy },
    );
    const meaning = (value: unknown) =>
      JSON.parse(JSON.stringify(value, (key, field) => (key === 'path' ? undefined : field)));
    const { reasoningSummary, ...turn } = response.request.turn;
    expect(meaning({ ...response.request, turn })).toEqual(meaning(chat.request));
    expect(reasoningSummary).toBe('none');
  });

  it('accepts a single text as the input', () => {
    expect(decodeResponse({ instructions: 'Be brief.' }).request.turn.items).toEqual([
      {
        type: 'message',
        role: 'developer',
        parts: [{ type: 'text', text: 'Be brief.' }],
        path: 'instructions',
      },
      { type: 'message', role: 'user', parts: [{ type: 'text', text: 'hello' }], path: 'input' },
    ]);
  });

  it.each([
    ['missing_parameter', { input: undefined }],
    ['missing_parameter', { input: null, instructions: 'Be brief.' }],
    ['invalid_value', { input: [] }],
    ['invalid_value', { input: [{ type: 'reasoning', id: 'rs_1', summary: [] }] }],
    ['invalid_value', { input: 5 }],
  ])('refuses an input without content with %s: %j', (code, body) => {
    expect(refusal(body)).toMatchObject({ code, param: 'input' });
  });

  it('accepts an empty input after a previous response', () => {
    const history = [{ type: 'message', id: 'msg_1', role: 'user', content: 'hello' }];
    const { request, input } = decodeResponse({ input: [], previous_response_id: 'resp_1' }, { history });
    expect(request.turn.items).toMatchObject([{ role: 'user', path: 'previous_response_id' }]);
    expect(input).toEqual([]);
  });
});

describe('a field without effect in a response request', () => {
  it.each([
    ['foo', { foo: 1 }],
    ['temperature', { temperature: 0.5 }],
    ['seed', { seed: 1 }],
    ['max_output_tokens', { max_output_tokens: 5 }],
    ['max_tool_calls', { max_tool_calls: 1 }],
    ['truncation', { truncation: 'auto' }],
    ['context_management', { context_management: [{ type: 'compaction' }] }],
    ['prompt_cache_key', { prompt_cache_key: 'a' }],
    ['include[]', { include: ['file_search_call.results'] }],
    ['include[]', { include: ['foo'] }],
    ['text.foo', { text: { foo: 1 } }],
    ['text.format.foo', { text: { format: { ...FORMAT, foo: 1 } } }],
    ['text.format.description', { text: { format: { ...FORMAT, description: 'a' } } }],
    ['reasoning.foo', { reasoning: { foo: 1 } }],
    ['stream_options.include_usage', { stream_options: { include_usage: true } }],
    ['conversation.foo', { conversation: { id: 'conv_1', foo: 1 } }],
    ['input[].foo', { input: [{ role: 'user', content: 'x', foo: 1 }] }],
    ['generate', { generate: false }],
  ])('%s is reported as ignored and refused in strict mode: %j', (path, body) => {
    expect(ignoredOf(body)).toEqual([path]);
    const { param, message } = refusal(body, { policy: { strict: true } });
    expect(param!.replaceAll(/\[\d+\]/g, '[]')).toBe(path);
    expect(message).toContain(`'${param}'`);
  });

  it.each(['store', 'background', 'instructions', 'tools', 'text', 'reasoning', 'metadata', 'tool_choice'])(
    '%s may be null without a notice',
    (name) => {
      expect(ignoredOf({ [name]: null }, { policy: { strict: true } })).toEqual([]);
    },
  );

  it('is accepted without a notice when it asks for the default behaviour', () => {
    const body = {
      background: false,
      client_metadata: { a: 1 },
      context_management: [],
      image: { context_compression: 'auto' },
      include: ['reasoning.encrypted_content', 'web_search_call.action.sources'],
      max_output_tokens: null,
      reasoning: { context: 'all_turns', mode: 'standard', effort: null },
      service_tier: 'auto',
      stream_options: { include_obfuscation: false },
      temperature: 1,
      text: {},
      tool_choice: 'auto',
      tools: [],
      top_logprobs: 0,
      top_p: 1,
      truncation: 'disabled',
    };
    expect(ignoredOf(body, { policy: { strict: true } })).toEqual([]);
  });
});

describe('a 400 for a response request', () => {
  it.each([
    ['model', { model: undefined }, 'missing_parameter'],
    ['model', { model: '' }, 'invalid_value'],
    ['metadata.a', { metadata: { a: 1 } }, 'invalid_value'],
    ['text', { text: 'json' }, 'invalid_value'],
    ['text.format.type', { text: { format: { type: 'xml' } } }, 'invalid_value'],
    ['text.format.name', { text: { format: { ...FORMAT, name: 'a b' } } }, 'invalid_value'],
    ['text.format.name', { text: { format: { type: 'json_schema' } } }, 'missing_parameter'],
    ['text.verbosity', { text: { verbosity: 'much' } }, 'invalid_value'],
    ['reasoning.effort', { reasoning: { effort: 'some' } }, 'invalid_value'],
    ['reasoning.summary', { reasoning: { summary: 'none' } }, 'invalid_value'],
    ['reasoning.mode', { reasoning: { mode: 'pro' } }, 'unsupported_parameter'],
    ['image.context_compression', { image: { context_compression: 'enabled' } }, 'unsupported_parameter'],
    ['prompt', { prompt: { id: 'pmpt_1' } }, 'unsupported_parameter'],
    ['moderation', { moderation: { model: 'a', policy: {} } }, 'unsupported_parameter'],
    ['access_programs', { access_programs: { cyber: 'standard' } }, 'unsupported_parameter'],
    ['top_logprobs', { top_logprobs: 2 }, 'unsupported_parameter'],
    ['include[1]', { include: ['a', 'message.output_text.logprobs'] }, 'unsupported_parameter'],
    ['service_tier', { service_tier: 'scale' }, 'unsupported_value'],
    ['service_tier', { service_tier: 'ultrafast' }, 'unsupported_value'],
    ['store', { store: 'yes' }, 'invalid_value'],
  ])('names the field %s for %j', (param, body, code) => {
    const told = refusal(body);
    expect(told).toMatchObject({ code, param });
    expect(told.message).toContain(`'${param}'`);
  });

  it('names the place in the schema when a schema is wrong', () => {
    const schema = { type: 'object', properties: { a: { type: 'strnig' } } };
    const told = refusal({ text: { format: { ...FORMAT, schema } } });
    expect(told.code).toBe('invalid_schema');
    expect(told.param).toMatch(/^text\.format\.schema\.properties\.a/);
  });

  it('names the schema when it is nested too deep', () => {
    const schema = JSON.parse(`${'{"a":'.repeat(80)}1${'}'.repeat(80)}`) as object;
    expect(refusal({ text: { format: { ...FORMAT, schema } } }).param).toBe('text.format.schema');
  });
});
