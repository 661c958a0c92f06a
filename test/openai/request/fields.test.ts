import { describe, expect, it } from 'vitest';
import { createCompatibility } from '../../../src/openai/request/compatibility.ts';
import {
  accepted,
  checkFields,
  checkOptionFields,
  emulated,
  ignored,
  mapped,
  oneOf,
  refused,
  type Fields,
  type OptionFields,
} from '../../../src/openai/request/fields.ts';
import { refusalOf } from '../../support/decode-response.ts';

const FIELDS: Fields = {
  mapped: mapped(''),
  emulated: emulated(''),
  accepted: accepted(''),
  ignored: ignored('', { neutral: oneOf(0, 'none') }),
  sampling: ignored('', { supportedValue: 1 }),
  refused: refused('', { neutral: oneOf(false), advice: 'Send something else.' }),
  partly: ignored('', { refuses: (value) => value === 'too much' }),
};

function check(value: object, strict = false) {
  const compatibility = createCompatibility(strict);
  checkFields(value, FIELDS, ['options'], compatibility);
  return [...compatibility.ignored];
}

const refusal = (value: object, strict = false) => refusalOf(() => check(value, strict));

describe('checking the fields of an object', () => {
  it('passes known fields and neutral values without a notice', () => {
    const value = { mapped: 1, emulated: 1, accepted: 1, ignored: 'none', refused: false };
    expect(check(value)).toEqual([]);
    expect(check(value, true)).toEqual([]);
  });

  it('passes null in every known field', () => {
    const nulls = Object.fromEntries(Object.keys(FIELDS).map((name) => [name, null]));
    expect(check(nulls, true)).toEqual([]);
  });

  it('reports ignored and unknown fields by their path', () => {
    expect(check({ ignored: 1, unknown: null })).toEqual(['options.ignored', 'options.unknown']);
  });

  it('refuses ignored and unknown fields in strict mode', () => {
    expect(refusal({ ignored: 1 }, true)).toMatchObject({
      code: 'unsupported_parameter',
      param: 'options.ignored',
    });
    expect(refusal({ unknown: 1 }, true)).toMatchObject({
      code: 'unknown_parameter',
      param: 'options.unknown',
    });
  });

  it('names the supported value in a refusal', () => {
    expect(refusal({ sampling: 0.5 }, true).message).toBe(
      "Unsupported value: 'options.sampling' does not support 0.5 with this model. Only the default (1) value is supported.",
    );
  });

  it('refuses a refused field in any mode, with advice', () => {
    expect(refusal({ refused: true }).message).toBe(
      "Unsupported parameter: 'options.refused' is not supported with this model. Send something else.",
    );
  });

  it('refuses single values of an ignored field', () => {
    expect(check({ partly: 'a bit' })).toEqual(['options.partly']);
    expect(refusal({ partly: 'too much' }).param).toBe('options.partly');
  });

  it('lists at most a hundred ignored fields', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`key_${index}`, 1]));
    expect(check(many)).toHaveLength(100);
  });
});

it('checks the fields of options by their path, and passes options that are not objects', () => {
  const options: OptionFields = { text: { format: mapped('') }, 'text.format': { type: mapped('') } };
  const compatibility = createCompatibility(false);
  checkOptionFields({ text: { format: { type: 'a', b: 1 }, c: 1 } }, options, compatibility);
  checkOptionFields({ text: 'x' }, options, compatibility);
  checkOptionFields({}, options, compatibility);
  expect([...compatibility.ignored]).toEqual(['text.c', 'text.format.b']);
});
