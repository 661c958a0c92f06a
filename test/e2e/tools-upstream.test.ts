import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { encodeTools } from '../../src/codex/chat/encode/encode-tools.ts';
import { startTestAppServer, type TestAppServer } from '../support/app-server.ts';
import { runAtOnce } from '../support/run-at-once.ts';
import { runCount } from '../support/run-count.ts';

let server: TestAppServer;
beforeAll(async () => {
  server = await startTestAppServer();
});
afterAll(() => server.close());

/** Sends functions with these names and parameters; returns what was handed to Codex and what was sent upstream. */
async function send(model: string, functions: readonly { name: string; parameters: JsonObject }[]) {
  const { specs } = runAtOnce(
    encodeTools(
      functions.map(({ name, parameters }, index) => ({
        name,
        parameters,
        description: 'Does it.',
        strict: false,
        path: `tools[${index}].function`,
      })),
    ),
  );
  const wanted = specs.map((spec) => {
    const { inputSchema, ...rest } = { inputSchema: undefined, ...spec };
    return { ...rest, strict: false, parameters: inputSchema };
  });
  return { sent: await server.sendTools(model, specs), wanted };
}

const names = fc.constantFrom('a', 'b c', 'description', 'type', '$ref', 'ä', '', '__proto__');
const types = fc.constantFrom('string', 'number', 'integer', 'boolean', 'object', 'array', 'null');
const references = fc.constantFrom(
  '#',
  '#/$defs/a',
  '#/definitions/b%20c',
  '#/$defs/none',
  'https://a.example',
);
const values = fc.jsonValue({ maxDepth: 1 });

/** Schemas with a few keywords each, most of whose values fit them. */
const { schemas } = fc.letrec<{ schemas: unknown }>((tie) => {
  const schema = tie('schemas');
  const list = fc.array(schema, { maxLength: 2 });
  const map = fc.dictionary(names, schema, { maxKeys: 3 });
  const keywords: Record<string, fc.Arbitrary<unknown>> = {
    type: fc.oneof(types, fc.array(types, { maxLength: 3 })),
    description: fc.string(),
    enum: fc.array(values, { maxLength: 3 }),
    const: values,
    items: fc.oneof(schema, list),
    prefixItems: list,
    minItems: fc.nat(),
    properties: map,
    required: fc.array(names, { maxLength: 2 }),
    additionalProperties: schema,
    anyOf: list,
    oneOf: list,
    allOf: list,
    not: schema,
    $ref: references,
    $defs: map,
    definitions: map,
    minimum: fc.double({ noNaN: true, noDefaultInfinity: true }),
    format: fc.string(),
    encrypted: fc.boolean(),
    $schema: fc.string(),
  };
  const object = fc.subarray(Object.keys(keywords), { maxLength: 4 }).chain((chosen) => {
    const fields = chosen.map((keyword) => [
      keyword,
      fc.oneof({ weight: 9, arbitrary: keywords[keyword]! }, { weight: 1, arbitrary: values }),
    ]);
    return fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>);
  });
  return { schemas: fc.oneof({ maxDepth: 3 }, fc.boolean(), object) };
});

/** As a request brings them. */
const parameters = fc
  .record({ argument: schemas, $defs: fc.dictionary(fc.constantFrom('a', 'b'), schemas) })
  .map(({ argument, $defs }): JsonObject => {
    const root = { type: 'object', properties: { argument }, $defs, definitions: { 'b c': argument } };
    return JSON.parse(JSON.stringify(root)) as JsonObject;
  });

describe.each(['gpt-5.5', 'gpt-6-sol'])('a provider of %s', (model) => {
  it('receives every schema as Codex got it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(parameters, { minLength: 20, maxLength: 30 }), async (schemas) => {
        const functions = schemas.map((parameters, index) => ({ name: `function_${index}`, parameters }));
        const { sent, wanted } = await send(model, functions);
        expect(sent).toEqual(wanted);
      }),
      runCount(6),
    );
  });

  it('receives tools with names that Codex reserves', async () => {
    const names = ['exec_command', 'shell_command', 'mcp', 'mcp__x__y', 'apply_patch', 'web_search', 'shell'];
    const functions = names.map((name) => ({ name, parameters: {} }));
    const { sent, wanted } = await send(model, functions);
    expect(sent).toEqual(wanted);
    expect(wanted.map(({ name }) => name)).toEqual([
      ...names.slice(0, 4).map((name) => `_${name}`),
      ...names.slice(4),
    ]);
  });

  it('receives a schema of 5,000 bytes with its descriptions, and a larger one in words', async () => {
    const sized = (bytes: number) => {
      const rest = { type: 'object', properties: { a: { type: 'string', description: '' } } };
      const description = 'x'.repeat(bytes - JSON.stringify(rest).length);
      return { type: 'object', properties: { a: { type: 'string', description } } };
    };
    const { sent, wanted } = await send(model, [
      { name: 'fits', parameters: sized(5000) },
      { name: 'does_not', parameters: sized(5001) },
    ]);
    expect(sent).toEqual(wanted);
    expect(wanted).toMatchObject([
      { description: 'Does it.', parameters: sized(5000) },
      {
        description: expect.stringContaining(JSON.stringify(sized(5001))),
        parameters: { properties: { a: { type: 'string' } } },
      },
    ]);
  });
});
