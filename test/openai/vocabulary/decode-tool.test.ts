import { describe, expect, it } from 'vitest';
import { createCompatibility } from '../../../src/openai/request/compatibility.ts';
import { decodeLegacyTool, decodeTool } from '../../../src/openai/vocabulary/decode-tool.ts';
import { refusalOf } from '../../support/decode-response.ts';

const SCHEMA = { type: 'object', properties: { a: { type: 'string' } } };
const SPEC = { name: 'f', description: 'does it', parameters: SCHEMA, strict: true };
const DECODED = { name: 'f', description: 'does it', parameters: SCHEMA, strict: true };

const decode = (value: unknown, compatibility = createCompatibility(false)) =>
  decodeTool(value, ['tools', 0], compatibility);

describe('a decoded tool', () => {
  it.each([
    ['nested', { type: 'function', function: SPEC }, 'tools[0].function'],
    ['flat', { type: 'function', ...SPEC }, 'tools[0]'],
  ])('is the same function from the %s shape', (_, value, path) => {
    expect(decode(value)).toEqual({ tool: { ...DECODED, path }, custom: false });
  });

  it('is a function from an entry of functions', () => {
    expect(decodeLegacyTool(SPEC, ['functions', 0], createCompatibility(false))).toEqual({
      tool: { ...DECODED, path: 'functions[0]' },
      custom: false,
    });
  });

  it('has no parameters if the request names none', () => {
    const { tool } = decode({ type: 'function', function: { name: 'f' } });
    expect(tool).toMatchObject({ parameters: { type: 'object', properties: {} }, strict: false });
  });

  it('is a function of one text for a custom tool, with the grammar in its description', () => {
    const compatibility = createCompatibility(false);
    const format = { type: 'grammar', syntax: 'lark', definition: 'start: "a"' };
    const { tool, custom } = decode(
      { type: 'custom', name: 'p', description: 'paints', format },
      compatibility,
    );
    expect(custom).toBe(true);
    expect(tool.description).toBe('paints\n\nThe input follows this grammar (lark):\nstart: "a"');
    expect(tool.parameters).toMatchObject({ required: ['input'] });
    expect(compatibility.adjustments).toEqual([
      { path: 'tools[0].format', from: 'grammar', to: 'description' },
    ]);
  });

  it.each([
    ['tools[0].type', { type: 'retrieval' }, 'unsupported_parameter'],
    ['tools[0].function.name', { type: 'function', function: { name: 'a b' } }, 'invalid_value'],
    [
      'tools[0].function.parameters.properties.a',
      {
        type: 'function',
        function: { name: 'f', parameters: { type: 'object', properties: { a: { type: 'x' } } } },
      },
      'invalid_function_parameters',
    ],
  ])('is refused with the path of the mistake: %s', (param, value, code) => {
    const refused = refusalOf(() => decode(value));
    expect(refused.code).toBe(code);
    expect(refused.param?.startsWith(param)).toBe(true);
  });
});
