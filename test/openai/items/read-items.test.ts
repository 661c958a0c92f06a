import { describe, expect, it } from 'vitest';
import { encodeError } from '../../../src/openai/vocabulary/error-body.ts';
import { decodeCompactRequest } from '../../../src/openai/responses/request/decode-compact.ts';
import { decodeInputTokensRequest } from '../../../src/openai/responses/request/decode-input-tokens.ts';
import { readReferences } from '../../../src/openai/items/read-references.ts';
import { decodeResponse, ignoredOf, referencesOf, refusalOf, unseal } from '../../support/decode-response.ts';
import { runAtOnce } from '../../support/run-at-once.ts';

const HELLO = { role: 'user', content: 'hello' };
const ANSWER = {
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text: 'Hi.', annotations: [], logprobs: [] }],
};
const THOUGHT = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'abc' };
const CALL = {
  type: 'function_call',
  id: 'fc_1',
  call_id: 'a',
  name: 'f',
  arguments: '{}',
  status: 'completed',
};
const OUTPUT = { type: 'function_call_output', call_id: 'a', output: 'x' };

describe('reading the references of a request', () => {
  it('finds the previous response, the conversation and the items to load', () => {
    const input = [
      HELLO,
      { type: 'item_reference', id: 'msg_1' },
      { id: 'fc_1' },
      { type: 'reasoning', id: 'rs_1', summary: [] },
      { ...THOUGHT, id: 'rs_2' },
      ANSWER,
      { type: 'item_reference', id: 'msg_1' },
    ];
    expect(readReferences({ model: 'gpt-5.5', previous_response_id: 'resp_1', input })).toEqual({
      previousId: 'resp_1',
      conversationId: undefined,
      itemIds: ['msg_1', 'fc_1', 'rs_1'],
    });
    for (const conversation of ['conv_1', { id: 'conv_1' }]) {
      expect(readReferences({ conversation, input: 'hello' })).toEqual({
        previousId: undefined,
        conversationId: 'conv_1',
        itemIds: [],
      });
    }
  });

  it.each([
    [{ previous_response_id: 'resp_1', conversation: 'conv_1' }, 'previous_response_id'],
    [{ previous_response_id: 5 }, 'previous_response_id'],
    [{ conversation: {} }, 'conversation'],
    [{ input: [{ type: 'item_reference', id: 5 }] }, 'input[0].id'],
  ])('refuses %j', (body, param) => {
    expect(refusalOf(() => readReferences(body))).toMatchObject({ code: 'invalid_value', param });
  });

  it('refuses a body that is not a JSON object', () => {
    expect(refusalOf(() => readReferences('hello')).code).toBe('invalid_json');
  });
});

describe('an item reference', () => {
  const given = { kept: [ANSWER, THOUGHT, CALL] };

  it('is replaced by the stored item', () => {
    const input = [{ type: 'item_reference', id: 'msg_1' }, { id: 'fc_1' }, OUTPUT];
    const decoded = decodeResponse({ input }, given);
    expect(decoded.request.turn.items).toMatchObject([
      { role: 'assistant', parts: [{ text: 'Hi.' }], path: 'input[0]' },
      { type: 'tool-call', callId: 'a', path: 'input[1]' },
      { type: 'tool-result', path: 'input[2]' },
    ]);
    expect(decoded.input.slice(0, 2)).toEqual([ANSWER, CALL]);
  });

  it('is refused with 404 in OpenAI’s words when the item does not exist', () => {
    const decode = () => decodeResponse({ input: [{ type: 'item_reference', id: 'msg_2' }, HELLO] }, given);
    expect(refusalOf(decode).code).toBe('item_not_found');
    try {
      decode();
    } catch (error) {
      expect(encodeError(error)).toMatchObject({
        status: 404,
        body: {
          error: {
            message:
              "Item with id 'msg_2' not found. Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from your input.",
            type: 'invalid_request_error',
            param: 'input',
            code: null,
          },
        },
      });
    }
  });

  it('is refused when the item is already in the conversation', () => {
    const reference = { type: 'item_reference', id: 'msg_1' };
    expect(refusalOf(() => decodeResponse({ input: [reference, reference] }, given)).param).toBe('input[1]');
    const body = { input: [reference], previous_response_id: 'resp_1' };
    expect(refusalOf(() => decodeResponse(body, { history: [ANSWER] })).param).toBe('input[0]');
  });

  it('is assumed for reasoning without encrypted content', () => {
    const bare = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: null };
    const { request, input } = decodeResponse({ input: [bare, HELLO] }, given);
    expect(request.turn.items[0]).toMatchObject({ type: 'passthrough', item: THOUGHT });
    expect(input[0]).toEqual({ ...THOUGHT, status: 'completed' });
    expect(ignoredOf({ input: [bare, HELLO] }, given)).toEqual([]);
  });

  it.each([[[]], [[{ ...THOUGHT, encrypted_content: null }]], [[{ ...THOUGHT, encrypted_content: '' }]]])(
    'is left out and reported when the stored reasoning has no encrypted content: %j',
    (kept) => {
      const body = { input: [{ type: 'reasoning', id: 'rs_1', summary: [] }, HELLO] };
      expect(decodeResponse(body, { kept }).request.turn.items).toHaveLength(1);
      expect(ignoredOf(body, { kept })).toEqual(['input[]']);
    },
  );
});

describe('the stored history of a request', () => {
  const given = { history: [{ ...HELLO, id: 'msg_0', type: 'message', foo: 1 }, THOUGHT, CALL] };

  it.each([
    [{ previous_response_id: 'resp_1' }, 'previous_response_id'],
    [{ conversation: 'conv_1' }, 'conversation'],
  ])('comes after the instructions and before the new input: %j', (body, path) => {
    const decoded = decodeResponse({ ...body, instructions: 'Be brief.', input: [OUTPUT] }, given);
    expect(decoded.request.turn.items.map((item) => [item.type, item.path])).toEqual([
      ['message', 'instructions'],
      ['message', path],
      ['passthrough', path],
      ['tool-call', path],
      ['tool-result', 'input[0]'],
    ]);
    expect(decoded.input).toMatchObject([OUTPUT]);
    expect([...decoded.compatibility.ignored]).toEqual([]);
  });

  it('is refused when it ends in a call without a result', () => {
    expect(refusalOf(() => decodeResponse({ previous_response_id: 'resp_1' }, given))).toMatchObject({
      code: 'invalid_value',
      param: 'previous_response_id',
    });
  });
});

describe('the stored input of a request', () => {
  it('has an id for each item and the fields that a client may leave out', () => {
    const { input } = decodeResponse({
      input: [HELLO, { role: 'assistant', content: 'Hi.' }, { ...CALL, id: null, status: null }, OUTPUT],
    });
    expect(input).toMatchObject([
      { type: 'message', status: 'completed', content: [{ type: 'input_text', text: 'hello' }] },
      { type: 'message', content: [{ type: 'output_text', text: 'Hi.', annotations: [], logprobs: [] }] },
      { ...CALL, id: expect.stringMatching(/^fc_/) },
      { ...OUTPUT, id: expect.stringMatching(/^fco_/), status: 'completed' },
    ]);
    expect(decodeResponse({ input: 'hello' }).input).toMatchObject([
      { type: 'message', role: 'user', id: expect.stringMatching(/^msg_/) },
    ]);
  });
});

describe('requests about a complete conversation', () => {
  const references = referencesOf({ history: [ANSWER] });
  const body = {
    model: 'gpt-5.5',
    instructions: 'Be brief.',
    input: [HELLO],
    previous_response_id: 'resp_1',
  };
  const roles = ['developer', 'assistant', 'user'];

  it('compact all of it without tools', () => {
    const tools = { type: 'additional_tools', role: 'developer', tools: [{ type: 'tool_search' }] };
    const policy = { strict: false };
    const given = { ...body, input: [tools, HELLO], service_tier: 'flex', temperature: 1, store: false };
    const { turn, input, compatibility } = runAtOnce(decodeCompactRequest(given, policy, references, unseal));
    expect(turn.items.map((item) => 'role' in item && item.role)).toEqual(roles);
    expect(turn).toMatchObject({ serviceTier: 'flex', tools: [], passthroughTools: undefined });
    expect(input).toHaveLength(2);
    expect([...compatibility.ignored]).toEqual(['temperature', 'store']);
    const missing = () =>
      runAtOnce(decodeCompactRequest({ ...body, model: null }, policy, references, unseal));
    expect(refusalOf(missing).param).toBe('model');
  });

  it('count the tokens of all of it', () => {
    const given = { ...body, tools: [{ type: 'function', name: 'f' }], personality: 'friendly' };
    const decoded = runAtOnce(decodeInputTokensRequest(given, { strict: false }, references, unseal));
    const { turn } = decoded.request;
    expect(turn.items.map((item) => 'role' in item && item.role)).toEqual(roles);
    expect(turn.tools).toMatchObject([{ name: 'f' }]);
    expect([...decoded.compatibility.ignored]).toEqual(['personality']);
    const strict = () => runAtOnce(decodeInputTokensRequest(given, { strict: true }, references, unseal));
    expect(refusalOf(strict).param).toBe('personality');
  });
});
