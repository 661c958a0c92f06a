import { describe, expect, it } from 'vitest';
import { createCompatibility } from '../../../src/openai/request/compatibility.ts';
import { isHosted, isWebSearch, withoutHosted } from '../../../src/openai/vocabulary/hosted-tools.ts';
import { refusalOf } from '../../support/decode-response.ts';

it.each(['web_search', 'web_search_preview', 'web_search_2025_08_26', 'web_search_preview_2025_03_11'])(
  'recognizes web search by the name %s',
  (type) => {
    expect(isWebSearch(type)).toBe(true);
    expect(isHosted(type)).toBe(false);
  },
);

it.each(['file_search', 'computer_use_preview', 'code_interpreter', 'image_generation_20250101'])(
  'recognizes the hosted tool %s',
  (type) => {
    expect(isHosted(type)).toBe(true);
    expect(isWebSearch(type)).toBe(false);
  },
);

it.each(['function', 'custom', 'web_searches', 5, undefined])('takes %j for neither', (type) => {
  expect([isHosted(type), isWebSearch(type)]).toEqual([false, false]);
});

describe('tools without the hosted ones', () => {
  const tools = [{ type: 'mcp' }, { type: 'function' }, 'odd'];

  it('keep their index, and the others are ignored', () => {
    const compatibility = createCompatibility(false);
    expect(withoutHosted(tools, ['tools'], compatibility)).toEqual([
      [1, { type: 'function' }],
      [2, 'odd'],
    ]);
    expect([...compatibility.ignored]).toEqual(['tools[].mcp']);
  });

  it('are refused in strict mode', () => {
    expect(refusalOf(() => withoutHosted(tools, ['tools'], createCompatibility(true)))).toEqual({
      code: 'unsupported_parameter',
      param: 'tools[0].type',
      message: "Unsupported parameter: 'tools[0].type' is a tool of type 'mcp', which Codex cannot offer.",
    });
  });
});
