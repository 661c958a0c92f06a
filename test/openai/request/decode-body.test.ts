import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  checkDepth,
  decodeBody,
  decodeModelObject,
  decodeObject,
  decodeValue,
} from '../../../src/openai/request/decode-body.ts';
import { refusalOf } from '../../support/decode-response.ts';

const schema = z.object({
  name: z.string().max(3).nullish(),
  level: z.enum(['low', 'high']).nullish(),
  count: z.int().min(1).max(5).nullish(),
  share: z.number().max(1).nullish(),
  list: z.array(z.string()).min(1).nullish(),
  needed: z.boolean(),
});

const refusal = (body: object) => refusalOf(() => decodeBody(schema, { needed: true, ...body }));

describe('a wrong value in a request', () => {
  it.each([
    [{ name: 5 }, "Invalid 'name': expected string, received number."],
    [{ name: 'long' }, "Invalid 'name': expected at most 3 characters."],
    [{ level: 'x' }, `Invalid 'level': expected one of "low", "high".`],
    [{ count: 9 }, "Invalid 'count': integer above maximum value. Expected a value <= 5, but got 9 instead."],
    [{ count: 0 }, "Invalid 'count': integer below minimum value. Expected a value >= 1, but got 0 instead."],
    [
      { share: 1.5 },
      "Invalid 'share': decimal above maximum value. Expected a value <= 1, but got 1.5 instead.",
    ],
    [{ list: [] }, "Invalid 'list': expected at least 1 entry."],
    [{ list: ['a', 5] }, "Invalid 'list[1]': expected string, received number."],
    [{ needed: undefined }, "Missing required parameter: 'needed'."],
  ])('is refused in words that clients know: %j', (body, message) => {
    expect(refusal(body).message).toBe(message);
  });

  it('has the path of the part that is decoded', () => {
    const refused = refusalOf(() => decodeValue(schema, { needed: 5 }, ['messages', 2]));
    expect(refused.param).toBe('messages[2].needed');
  });
});

describe('a request body', () => {
  it.each([undefined, null, [], 'text', 5])('must be an object: %j', (body) => {
    expect(refusalOf(() => decodeObject(body)).code).toBe('invalid_json');
  });

  it('gets the default model if it names none', () => {
    const policy = { defaultModel: 'm' };
    expect(decodeModelObject({ model: null, a: 1 }, policy)).toEqual({ model: 'm', a: 1 });
    expect(decodeModelObject({ model: 'own' }, policy)).toEqual({ model: 'own' });
  });

  it('is refused if it is nested too deep', () => {
    const deep = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`) as object;
    expect(() => checkDepth(deep(64))).not.toThrow();
    expect(refusalOf(() => checkDepth(deep(65)))).toEqual({
      code: 'invalid_value',
      param: 'a.a.a',
      message: "Invalid 'a.a.a': nested deeper than 64 levels.",
    });
  });
});
