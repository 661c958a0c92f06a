import { describe, expect, it } from 'vitest';
import { decodeClientEvent } from '../../../../src/openai/responses/request/decode-client-event.ts';
import { refusalOf } from '../../../support/decode-response.ts';

describe('a message of a client', () => {
  it('creates a response, which may have a stream id', () => {
    const body = { type: 'response.create', model: 'm', input: 'hello' };
    expect(decodeClientEvent(body)).toEqual({ type: 'response.create', streamId: undefined, body });
    for (const id of ['a', 'A-b_c.9', 'x'.repeat(256)]) {
      expect(decodeClientEvent({ ...body, stream_id: id })).toMatchObject({ streamId: id });
    }
  });

  it('adds input to a response', () => {
    const body = { type: 'response.steer', input: 'more' };
    expect(decodeClientEvent(body)).toEqual({ type: 'response.steer', body });
  });

  it.each([
    ['type', {}],
    ['type', { type: 'response.cancel' }],
    ['type', { type: 5 }],
    ['response', { type: 'response.create', response: { model: 'm' } }],
    ['stream_id', { type: 'response.create', stream_id: '' }],
    ['stream_id', { type: 'response.create', stream_id: 'a b' }],
    ['stream_id', { type: 'response.create', stream_id: 'x'.repeat(257) }],
    ['stream_id', { type: 'response.create', stream_id: null }],
  ])('is refused with the name of the wrong field: %s, %j', (param, message) => {
    expect(refusalOf(() => decodeClientEvent(message))).toMatchObject({ code: 'invalid_value', param });
  });

  it.each(['response.create', 5, null, []])('is refused if it is not an object: %j', (message) => {
    expect(refusalOf(() => decodeClientEvent(message)).code).toBe('invalid_json');
  });
});
