import { expect, it } from 'vitest';
import { decodeRetrieval } from '../../../../src/openai/responses/request/decode-retrieval.ts';
import { refusalOf } from '../../../support/decode-response.ts';

it('retrieving a response means all of it, without a stream, unless the query says otherwise', () => {
  expect(decodeRetrieval({})).toEqual({ include: new Set(), stream: false, startingAfter: -1 });
  expect(decodeRetrieval({ stream: 'false' }).stream).toBe(false);
  const query = { stream: 'true', starting_after: '7', include: 'reasoning.encrypted_content' };
  expect(decodeRetrieval(query)).toEqual({
    include: new Set(['reasoning.encrypted_content']),
    stream: true,
    startingAfter: 7,
  });
});

it.each([
  ['stream', 'yes'],
  ['starting_after', ''],
  ['starting_after', '-1'],
  ['starting_after', '1.5'],
  ['starting_after', '1234567890'],
])('a wrong parameter of the query is refused by its name: %s=%s', (name, value) => {
  expect(refusalOf(() => decodeRetrieval({ [name]: value }))).toMatchObject({
    code: 'invalid_value',
    param: name,
  });
});
