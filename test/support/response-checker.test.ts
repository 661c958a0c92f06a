import { expect, it } from 'vitest';
import { checkResponse } from './response-checker.ts';
import { RESPONSE } from './sample-response.ts';
import { loadWireChecker } from './wire-checker.ts';

const checkWire = await loadWireChecker();
const check = (response: unknown) => checkResponse(response, checkWire);

const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content: [{ type: 'output_text', text: 'Hello', annotations: [], logprobs: [] }],
};
const USAGE = {
  input_tokens: 1,
  input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
  output_tokens: 2,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 3,
};
const COMPLETED = { ...RESPONSE, status: 'completed', completed_at: 2, output: [MESSAGE], usage: USAGE };
const INCOMPLETE = { ...RESPONSE, status: 'incomplete', incomplete_details: { reason: 'content_filter' } };
const ERROR = { code: 'server_error', message: 'boom', type: 'server_error', param: null };

it.each([
  ['has just begun', RESPONSE],
  ['is completed', COMPLETED],
  ['was counted by the gateway', { ...COMPLETED, usage: { ...USAGE, estimated: true } }],
  ['is incomplete', INCOMPLETE],
  [
    'is incomplete and has an incomplete item',
    { ...INCOMPLETE, output: [{ ...MESSAGE, status: 'incomplete' }] },
  ],
  ['has failed', { ...RESPONSE, status: 'failed', error: ERROR }],
  ['was cancelled', { ...RESPONSE, status: 'cancelled' }],
])('accepts a response that %s', (_name, response) => {
  expect(check(response)).toEqual([]);
});

it.each([
  ['a missing response', undefined, 'response must be object'],
  ['a missing field', { ...COMPLETED, store: undefined }, "response must have required property 'store'"],
  ['an unknown field', { ...COMPLETED, x: 1 }, 'response must NOT have additional properties ("x")'],
  [
    'output_text, which only a client adds',
    { ...COMPLETED, output_text: 'Hello' },
    'response must NOT have additional properties ("output_text")',
  ],
  [
    'an unknown field of an item',
    { ...COMPLETED, output: [{ ...MESSAGE, x: 1 }] },
    'response/output/0 must NOT have additional properties ("x")',
  ],
  [
    'an unknown item',
    { ...COMPLETED, output: [{ id: 'x_1', type: 'x' }] },
    'response/output/0 value of tag "type" must be in oneOf ("x")',
  ],
  [
    'an error code that OpenAI does not define',
    { ...RESPONSE, status: 'failed', error: { ...ERROR, code: 'upstream_timeout' } },
    expect.stringContaining('response/error/code must be equal to one of the allowed values'),
  ],
  [
    'a completion time without a final status',
    { ...COMPLETED, status: 'in_progress' },
    'completed_at does not fit the status in_progress',
  ],
  [
    'a missing completion time',
    { ...COMPLETED, completed_at: null },
    'completed_at does not fit the status completed',
  ],
  [
    'a missing reason for being incomplete',
    { ...INCOMPLETE, incomplete_details: null },
    'incomplete_details does not fit the status incomplete',
  ],
  ['a failure without an error', { ...RESPONSE, status: 'failed' }, 'error does not fit the status failed'],
  ['two items with the same id', { ...COMPLETED, output: [MESSAGE, MESSAGE] }, 'two items have the same id'],
  [
    'an item that is still in progress',
    { ...COMPLETED, output: [{ ...MESSAGE, status: 'in_progress' }] },
    'an item is still in progress',
  ],
  [
    'an incomplete item in a completed response',
    { ...COMPLETED, output: [{ ...MESSAGE, status: 'incomplete' }] },
    'an item of a whole response is incomplete',
  ],
  [
    'a usage with a wrong total',
    { ...COMPLETED, usage: { ...USAGE, total_tokens: 4 } },
    'the usage does not add up',
  ],
])('reports %s', (_name, response, violation) => {
  expect(check(response)).toContainEqual(violation);
});
