import { expect, it } from 'vitest';
import { checkToolType } from '../../../src/openai/items/check-tool-type.ts';
import { refusalOf } from '../../support/decode-response.ts';

const PATH = ['tools', 2];
const group = (...tools: unknown[]) => ({ type: 'namespace', name: 'n', tools });

it.each([
  { type: 'function' },
  { type: 'custom' },
  { type: 'tool_search' },
  { type: 'web_search' },
  { type: 'web_search_preview_2025_03_11' },
  group({ type: 'function' }, { type: 'custom' }),
  { type: 'namespace', tools: 5 },
])('a tool of a supported type passes: %j', (tool) => {
  expect(() => checkToolType(tool, PATH)).not.toThrow();
});

it.each([
  [
    'tools[2].type',
    { type: 'foo' },
    "'foo'; supported: function, custom, namespace, tool_search, web_search",
  ],
  ['tools[2].type', {}, 'Missing required parameter'],
  ['tools[2]', 'function', 'expected object'],
  [
    'tools[2].tools[1].type',
    group({ type: 'function' }, { type: 'web_search' }),
    'supported: function, custom.',
  ],
  ['tools[2].tools[0].type', group(group()), "'namespace'; supported: function, custom."],
])('a tool of any other type is refused at %s: %j', (param, tool, message) => {
  const refusal = refusalOf(() => {
    checkToolType(tool, PATH);
  });
  expect(refusal).toMatchObject({ param });
  expect(refusal.message).toContain(message);
});
