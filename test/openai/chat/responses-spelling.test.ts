import { describe, expect, it } from 'vitest';
import type { GatewayError } from '../../../src/base/errors.ts';
import { decodeChatRequest, type ChatRequest } from '../../../src/openai/chat/decode.ts';
import { RESPONSES_BODY_FIELDS } from '../../../src/openai/chat/fields.ts';
import type { CONTENT_PART_FIELDS } from '../../../src/openai/items/decode-content.ts';
import { isHandledAs, ITEM_TYPES } from '../../../src/openai/items/item-kinds.ts';
import { runAtOnce } from '../../support/run-at-once.ts';

/** A body of the Responses API, sent to the path of chat completions. */
const decode = (body: object, { strict = false, enforceMaxTokens = false } = {}): ChatRequest =>
  runAtOnce(decodeChatRequest({ model: 'gpt-5.5', input: 'hello', ...body }, { strict, enforceMaxTokens }));

const ignored = (body: object) => [...decode(body).compatibility.ignored].toSorted();

/** Returns the refusal of a body: the code, the field and the complete message. */
function refusal(body: object, policy: { strict?: boolean; enforceMaxTokens?: boolean } = {}) {
  try {
    decode(body, policy);
  } catch (error) {
    const { code, detail, message } = error as GatewayError;
    return { code, param: detail.param, message };
  }
  throw new Error('it was not refused');
}

const said = (content: unknown, role = 'user') => ({ input: [{ role, content }] });
const part = (given: object, role = 'user') => said([given], role);
const output = (content: unknown) => ({
  input: [
    { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' },
    { type: 'function_call_output', call_id: 'a', output: content },
  ],
});

const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';
const IMAGE = { type: 'input_image', image_url: PIXEL };
const FILE = { type: 'input_file', file_data: btoa('a text'), filename: 'a.txt' };
const FORMAT = { type: 'json_schema', name: 'a', schema: { type: 'object' } };

describe('a field without effect in a Responses body sent to chat completions', () => {
  it.each([
    ['text.foo', { text: { foo: 1 } }],
    ['text.format.foo', { text: { format: { ...FORMAT, foo: 1 } } }],
    ['text.format.foo', { text: { format: { type: 'text', foo: 1 } } }],
    ['text.format.name', { text: { format: { type: 'text', name: 'a' } } }],
    ['text.format.json_schema', { text: { format: { type: 'text', json_schema: {} } } }],
    ['text.format.description', { text: { format: { ...FORMAT, description: 'a' } } }],
    ['max_output_tokens', { max_output_tokens: 5 }],
    ['max_output_tokens', { max_output_tokens: 5, max_completion_tokens: null }],
    ['max_completion_tokens', { max_completion_tokens: 5 }],
    ['input[].name', { input: [{ role: 'user', content: 'x', name: 'Ann' }] }],
    ['input[].bar', { input: [{ role: 'user', content: 'x', bar: 1 }] }],
    ['input[].content[].cache_control', part({ type: 'input_text', text: 'x', cache_control: {} })],
    ['input[].content[].bar', part({ ...IMAGE, bar: 1 })],
    ['input[].content[].bar', part({ ...FILE, bar: 1 })],
    ['input[].content[].bar', part({ type: 'refusal', refusal: 'no', bar: 1 }, 'assistant')],
    ['input[].output[].bar', output([{ type: 'input_text', text: 'x', bar: 1 }])],
    ['text.verbosity', { verbosity: 'low', text: { verbosity: 'high' } }],
    ['text.format', { response_format: { type: 'text' }, text: { format: FORMAT } }],
    ['reasoning.foo', { reasoning: { foo: 1 } }],
  ])('%s is reported as ignored and refused in strict mode: %j', (path, body) => {
    expect(ignored(body)).toEqual([path]);
    expect(refusal(body, { strict: true }).param?.replaceAll(/\[\d+\]/g, '[]')).toBe(path);
    expect(refusal(body, { strict: true }).message).toContain(`'${refusal(body, { strict: true }).param}'`);
  });

  it('is reported in every kind of item', () => {
    const items = [
      { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'a', output: 'x' },
      { type: 'custom_tool_call', call_id: 'b', name: 'g', input: 'x' },
      { type: 'custom_tool_call_output', call_id: 'b', output: 'x' },
      { type: 'message', role: 'user', content: 'x' },
      { type: 'reasoning', summary: [] },
    ];
    expect(items.map(({ type }) => type).toSorted()).toEqual(
      [...ITEM_TYPES.filter((type) => isHandledAs('decoded', type)), 'reasoning'].toSorted(),
    );
    expect(ignored({ input: items })).toEqual(['input[]']);
    for (const index of items.keys()) {
      const input = items.map((item, nth) => (nth === index ? { ...item, bar: 1 } : item));
      expect(ignored({ input })).toEqual(['input[]', 'input[].bar']);
    }
  });

  it('is refused in strict mode with the name of the limit that was sent', () => {
    expect(refusal({ max_output_tokens: 5 }, { strict: true })).toEqual({
      code: 'unsupported_parameter',
      param: 'max_output_tokens',
      message: "Unsupported parameter: 'max_output_tokens' is not supported with this model.",
    });
  });
});

describe('output that clients send back in a Responses body to chat completions', () => {
  it('is accepted without a notice, in strict mode too', () => {
    const own = { id: 'x', status: 'completed' };
    const texts = [{ type: 'output_text', text: 'x', annotations: [], logprobs: [] }];
    const input = [
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'x' }] },
      { type: 'function_call', ...own, call_id: 'a', name: 'f', arguments: '{}' },
      { type: 'function_call_output', ...own, call_id: 'a', output: 'x' },
      { type: 'message', ...own, role: 'assistant', phase: 'final_answer', content: texts },
    ];
    const body = { input, text: {}, instructions: null, max_output_tokens: null };
    expect(decode(body, { strict: true }).request.turn.items).toHaveLength(4);
    expect(ignored(body)).toEqual([]);
  });

  it('may be an assistant message without content', () => {
    expect(decode(said([], 'assistant')).request.turn.items).toMatchObject([
      { role: 'assistant', parts: [{ type: 'text', text: '' }] },
    ]);
  });
});

describe('content parts in a Responses body sent to chat completions', () => {
  const text = ['input_text', 'output_text', 'text'];
  const ALLOWED: Readonly<Record<string, readonly string[]>> = {
    system: text,
    developer: text,
    user: [...text, 'input_image', 'input_file'],
    assistant: [...text, 'refusal'],
    output: [...text, 'input_image', 'input_file'],
  };
  const GIVEN: Readonly<Record<keyof typeof CONTENT_PART_FIELDS, object>> = {
    input_text: { text: 'x' },
    output_text: { text: 'x' },
    text: { text: 'x' },
    refusal: { refusal: 'x' },
    input_image: IMAGE,
    input_file: FILE,
  };

  it.each(Object.entries(ALLOWED))('are limited to the types allowed in: %s', (role, allowed) => {
    for (const [type, rest] of Object.entries(GIVEN)) {
      const given = { type, ...rest };
      const body = role === 'output' ? output([given]) : part(given, role);
      const place = role === 'output' ? 'input[1].output[0]' : 'input[0].content[0]';
      if (allowed.includes(type)) {
        expect(decode(body).request.turn.items.at(-1)).toMatchObject({ parts: [{}] });
      } else {
        expect(refusal(body)).toEqual({
          code: 'unsupported_parameter',
          param: place,
          message: `Unsupported parameter: '${place}' is a part of type '${type}'; supported here: ${allowed.join(', ')}.`,
        });
      }
    }
  });
});

describe('a 400 for a Responses body sent to chat completions', () => {
  it.each([
    ['text', { text: 'foo' }, 'invalid_value'],
    ['text', { text: [] }, 'invalid_value'],
    ['text.format', { text: { format: 'json' } }, 'invalid_value'],
    ['text.format.type', { text: { format: { type: 'xml' } } }, 'invalid_value'],
    ['text.format.name', { text: { format: { type: 'json_schema' } } }, 'missing_parameter'],
    ['text.format.name', { text: { format: { ...FORMAT, name: 'a b' } } }, 'invalid_value'],
    ['text.verbosity', { text: { verbosity: 'much' } }, 'invalid_value'],
    ['verbosity', { verbosity: 'much' }, 'invalid_value'],
    ['reasoning.effort', { reasoning: { effort: 'some' } }, 'invalid_value'],
    ['previous_response_id', { previous_response_id: 'resp_1' }, 'unsupported_parameter'],
    ['input[0].content', said([]), 'invalid_value'],
    ['input[1].output', output([]), 'invalid_value'],
    ['input[0].content[0].file_id', part({ type: 'input_file', file_id: 'file-1' }), 'unsupported_parameter'],
    ['input[0].content[0].file_url', part({ type: 'input_file', file_url: 'x' }), 'unsupported_parameter'],
    ['input[0].content[0].file_id', part({ ...IMAGE, file_id: 'file-1' }), 'unsupported_parameter'],
    ['input[0].content[0].file_data', part({ type: 'input_file' }), 'missing_parameter'],
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

  it('names the limit as it was sent when an enforced limit is wrong', () => {
    const policy = { enforceMaxTokens: true };
    expect(refusal({ max_output_tokens: 0 }, policy)).toMatchObject({ param: 'max_output_tokens' });
    expect(refusal({ max_tokens: 0 }, policy)).toMatchObject({ param: 'max_tokens' });
    expect(decode({ max_output_tokens: 5 }, policy).request.maxTokens).toBe(5);
  });

  it('names the schema when it is nested too deep', () => {
    const schema = JSON.parse(`${'{"a":'.repeat(80)}1${'}'.repeat(80)}`) as object;
    expect(refusal({ text: { format: { ...FORMAT, schema } } }).param).toBe('text.format.schema');
  });
});

describe('fields of the Responses API in a chat completion', () => {
  it('have the effect of their counterparts in chat completions', () => {
    const { request } = decode({ text: { verbosity: 'high', format: FORMAT }, max_output_tokens: 7 });
    expect(request.turn.verbosity).toBe('high');
    expect(request.format).toEqual({
      type: 'json-schema',
      schema: FORMAT.schema,
      path: 'text.format.schema',
    });
  });

  it('are reported by the name that the request used', () => {
    expect(decode({ text: { format: FORMAT, verbosity: 'low' } }).paramNames).toMatchObject({
      format: 'text.format',
      verbosity: 'text.verbosity',
    });
    expect(decode({ response_format: { type: 'text' }, verbosity: 'low' }).paramNames).toMatchObject({
      format: 'response_format',
      verbosity: 'verbosity',
    });
    expect(decode({ reasoning: { effort: 'low' } }).paramNames.reasoningEffort).toBe('reasoning.effort');
    expect(decode({ reasoning_effort: 'low' }).paramNames.reasoningEffort).toBe('reasoning_effort');
  });

  it('are ignored beside messages', () => {
    const names = Object.keys(RESPONSES_BODY_FIELDS);
    const messages = [{ role: 'user', content: 'x' }];
    expect(ignored({ messages, ...Object.fromEntries(names.map((name) => [name, 'x'])) })).toEqual(names);
  });
});
