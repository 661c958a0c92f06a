import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/base/json.ts';
import { encodeTools } from '../../../../src/codex/chat/encode/encode-tools.ts';
import { runAtOnce } from '../../../support/run-at-once.ts';
import { sampleTool } from '../../../support/sample-tool.ts';

/** Encodes a tool with these parameters. */
function encode(parameters: JsonObject) {
  const [spec] = runAtOnce(encodeTools([sampleTool({ parameters })])).specs;
  if (spec?.type !== 'function') throw new Error('not a function');
  return spec;
}

/** Returns the encoded schema of a single argument. */
function encodeArgument(schema: unknown): unknown {
  const { inputSchema } = encode({ type: 'object', properties: { argument: schema } });
  return (inputSchema as { properties: { argument: unknown } }).properties.argument;
}

const ANY = {
  type: ['string', 'number', 'boolean', 'object', 'array', 'null'],
  items: {},
  properties: {},
};

describe('a tool', () => {
  it('is sent unchanged', () => {
    const parameters = {
      type: 'object',
      properties: { city: { type: 'string', description: 'The city.' } },
      required: ['city'],
      additionalProperties: false,
    };
    expect(runAtOnce(encodeTools([sampleTool({ parameters })]))).toMatchObject({
      specs: [
        {
          type: 'function',
          name: 'get_weather',
          description: 'Tells the weather.',
          inputSchema: parameters,
        },
      ],
      adjustments: [],
    });
  });

  it('without a description gets an empty one', () => {
    expect(runAtOnce(encodeTools([sampleTool({ description: undefined })])).specs[0]).toMatchObject({
      description: '',
    });
  });

  it('with a name that Codex reserves is renamed and reported as adjusted', () => {
    const { specs, adjustments } = runAtOnce(
      encodeTools([sampleTool(), sampleTool({ name: 'mcp__x__y', path: 'tools[1]' })]),
    );
    expect(specs.map(({ name }) => name)).toEqual(['get_weather', '_mcp__x__y']);
    expect(adjustments).toEqual([{ path: 'tools[1].name', from: 'mcp__x__y', to: '_mcp__x__y' }]);
  });

  it('that is strict is reported as adjusted to not strict', () => {
    expect(runAtOnce(encodeTools([sampleTool({ strict: true })])).adjustments).toEqual([
      { path: 'tools[0].function.strict', from: 'true', to: 'false' },
    ]);
  });

  it('without properties gets an empty object of properties', () => {
    expect(encode({ type: 'object' }).inputSchema).toEqual({ type: 'object', properties: {} });
  });

  it('is not modified in place', () => {
    const parameters = { type: 'object', properties: { a: { const: 1, minimum: 1 } }, $defs: { B: {} } };
    const before = structuredClone(parameters);
    encode(parameters);
    expect(parameters).toEqual(before);
  });
});

describe('a schema that Codex supports in full', () => {
  it.each([
    { type: 'string', description: 'The city.' },
    { type: ['string', 'null'], enum: ['a', null] },
    { type: 'array', items: { type: 'integer' }, minItems: 1 },
    { type: 'object', properties: { 'a b': {}, '': { type: 'null' } }, required: ['a b'] },
    { type: 'object', properties: {}, additionalProperties: { type: 'number' } },
    { anyOf: [{ type: 'string', description: 'A name.' }, { type: 'null' }], description: 'Who.' },
    { oneOf: [{ type: 'string' }], allOf: [{}] },
    { $ref: '#', description: 'The same again.' },
    {},
  ])('is kept unchanged: %j', (schema) => {
    expect(encodeArgument(schema)).toEqual(schema);
  });
});

describe('a keyword that Codex does not support', () => {
  it.each([
    [
      { type: 'string', description: 'The city.', minLength: 1, pattern: '^"a' },
      { type: 'string', description: 'The city. (minLength: 1, pattern: "^\\"a")' },
    ],
    [
      { type: 'integer', minimum: 0, default: null },
      { type: 'integer', description: '(minimum: 0, default: null)' },
    ],
    [
      { type: 'string', description: '', 'x-unit': { name: 'km' } },
      { type: 'string', description: '(x-unit: {"name":"km"})' },
    ],
    [
      { type: 'array', items: { type: 'string', format: 'date' }, uniqueItems: true },
      {
        type: 'array',
        items: { type: 'string', description: '(format: "date")' },
        description: '(uniqueItems: true)',
      },
    ],
    [
      { anyOf: [{ type: 'number', exclusiveMinimum: 0 }, { type: 'null' }] },
      { anyOf: [{ type: 'number', description: '(exclusiveMinimum: 0)' }, { type: 'null' }] },
    ],
    [
      {
        type: 'object',
        additionalProperties: { type: 'string', title: 'T' },
        propertyNames: { maxLength: 2 },
      },
      {
        type: 'object',
        properties: {},
        additionalProperties: { type: 'string', description: '(title: "T")' },
        description: '(propertyNames: {"maxLength":2})',
      },
    ],
    [
      { type: 'array', prefixItems: [{ type: 'string' }], items: false },
      { type: 'array', items: {}, description: '(prefixItems: [{"type":"string"}], items: false)' },
    ],
    [
      { type: 'array', items: [{ type: 'string' }], additionalItems: false },
      { type: 'array', items: {}, description: '(items: [{"type":"string"}], additionalItems: false)' },
    ],
    [{ minimum: 1 }, { ...ANY, description: '(minimum: 1)' }],
    [false, { ...ANY, description: '(not: {})' }],
  ])('moves to the description: %j', (schema, expected) => {
    expect(encodeArgument(schema)).toEqual(expected);
  });

  it('moves to the description inside a definition', () => {
    const parameters = {
      type: 'object',
      properties: { city: { $ref: '#/$defs/City' } },
      $defs: { City: { type: 'string', minLength: 1 } },
    };
    expect(encode(parameters).inputSchema).toEqual({
      ...parameters,
      $defs: { City: { type: 'string', description: '(minLength: 1)' } },
    });
  });

  it('is dropped if it is $schema', () => {
    const parameters = { type: 'object', properties: {} };
    expect(encode({ ...parameters, $schema: 'https://json-schema.org/draft/2020-12/schema' })).toMatchObject({
      inputSchema: parameters,
    });
  });
});

describe('a value that Codex would refuse', () => {
  it.each([
    [{ type: 'text' }, { ...ANY, description: '(type: "text")' }],
    [
      { type: 'string', required: true },
      { type: 'string', description: '(required: true)' },
    ],
    [
      { type: 'array', minItems: 1.5 },
      { type: 'array', items: {}, description: '(minItems: 1.5)' },
    ],
    [
      { type: 'object', properties: [] },
      { type: 'object', properties: {}, description: '(properties: [])' },
    ],
    [
      { type: 'string', anyOf: [5] },
      { type: 'string', description: '(anyOf: [5])' },
    ],
  ])('moves to the description: %j', (schema, expected) => {
    expect(encodeArgument(schema)).toEqual(expected);
  });
});

describe('a schema that Codex would misread', () => {
  it.each([
    [{ const: 5 }, { type: 'integer', enum: [5] }],
    [{ const: null }, { type: 'null', enum: [null] }],
    [
      { const: 'a', enum: ['a', 'b'] },
      { type: 'string', enum: ['a'], description: '(enum: ["a","b"])' },
    ],
    [
      { enum: [1, 2.5, 'a', true] },
      { type: ['integer', 'number', 'string', 'boolean'], enum: [1, 2.5, 'a', true] },
    ],
    [
      { enum: [[1], { a: 1 }] },
      { type: ['array', 'object'], enum: [[1], { a: 1 }], items: {}, properties: {} },
    ],
    [{ description: 'Anything.' }, { ...ANY, description: 'Anything.' }],
    [{ type: 'array' }, { type: 'array', items: {} }],
    [{ type: ['array', 'null'] }, { type: ['array', 'null'], items: {} }],
    [{ type: ['string'] }, { type: 'string' }],
    [true, {}],
  ])('is rewritten with the same meaning: %j', (schema, expected) => {
    expect(encodeArgument(schema)).toEqual(expected);
  });
});

describe('definitions', () => {
  it('that nothing refers to are left out', () => {
    const $defs = { A: { $ref: '#/$defs/B~1C' }, 'B/C': { type: 'string' }, D: { type: 'string' } };
    const properties = { a: { $ref: '#/$defs/A' } };
    const { D: _, ...reached } = $defs;
    expect(encode({ type: 'object', properties, $defs }).inputSchema).toEqual({
      type: 'object',
      properties,
      $defs: reached,
    });
  });

  it('that only a description refers to move to the description of the parameters', () => {
    const parameters = {
      type: 'object',
      description: 'All of it.',
      properties: { a: { type: 'array', items: {}, contains: { $ref: '#/definitions/A' } } },
      definitions: { A: { $ref: '#/definitions/B' }, B: { type: 'string', maxLength: 2 } },
    };
    expect(encode(parameters).inputSchema).toEqual({
      type: 'object',
      description:
        'All of it. (definitions: {"A":{"$ref":"#/definitions/B"},"B":{"type":"string","maxLength":2}})',
      properties: {
        a: { type: 'array', items: {}, description: '(contains: {"$ref":"#/definitions/A"})' },
      },
    });
  });

  it('that refer to themselves are kept once', () => {
    const parameters = {
      $ref: '#/$defs/A',
      $defs: { A: { type: 'array', items: { $ref: '#/$defs/A' } }, '%': {} },
    };
    expect(encode(parameters).inputSchema).toEqual({ $ref: '#/$defs/A', $defs: { A: parameters.$defs.A } });
  });
});

describe('a schema whose descriptions Codex would strip', () => {
  const parameters = {
    type: 'object',
    properties: { description: { type: 'string', description: 'é'.repeat(2500), minLength: 1 } },
  };

  it('is written in full, once, in the description of the tool', () => {
    expect(encode(parameters)).toMatchObject({
      description: `Tells the weather.\n\nJSON Schema of the arguments: ${JSON.stringify(parameters)}`,
      inputSchema: { type: 'object', properties: { description: { type: 'string' } } },
    });
    expect(JSON.stringify(encode(parameters).inputSchema)).not.toContain('é');
  });

  it('becomes the description of a tool without one', () => {
    const [spec] = runAtOnce(encodeTools([sampleTool({ parameters, description: undefined })])).specs;
    expect(spec?.description).toMatch(/^JSON Schema of the arguments: \{/);
  });
});

it('encodes a definition that mentions another 200,000 times', () => {
  const mentions = Array.from({ length: 200_000 }, () => ({ $ref: '#/$defs/b' }));
  const parameters = {
    type: 'object',
    properties: { a: { $ref: '#/$defs/a' } },
    $defs: { a: { type: 'string', default: mentions }, b: { type: 'string' } },
  };
  expect(encode(parameters).inputSchema).toMatchObject({ properties: { a: { $ref: '#/$defs/a' } } });
});
