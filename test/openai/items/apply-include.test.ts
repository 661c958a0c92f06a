import { describe, expect, it } from 'vitest';
import { applyInclude, applyIncludeToResponse } from '../../../src/openai/items/apply-include.ts';

const REASONING = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'x' };
const ACTION = { type: 'search', query: 'tea', sources: [{ url: 'https://a.test/' }] };
const SEARCH = { type: 'web_search_call', id: 'ws_1', action: ACTION, results: [] };

describe('an item as a client sees it', () => {
  it('has only those extra fields that the client asked for', () => {
    expect(applyInclude(REASONING, new Set())).toEqual({ type: 'reasoning', id: 'rs_1', summary: [] });
    expect(applyInclude(REASONING, new Set(['reasoning.encrypted_content']))).toEqual(REASONING);
    const { results, ...withoutResults } = SEARCH;
    expect(applyInclude(SEARCH, new Set(['web_search_call.action.sources']))).toEqual(withoutResults);
    expect(applyInclude(SEARCH, new Set(['web_search_call.results']))).toEqual({
      ...SEARCH,
      action: { type: 'search', query: 'tea' },
      results,
    });
  });

  it.each([
    { type: 'web_search_call', action: null },
    { type: 'web_search_call' },
    { type: 'message', encrypted_content: 'x' },
    { type: 'foo', results: [] },
    { type: 'constructor' },
    {},
  ])('is unchanged if it has none: %j', (item) => {
    expect(applyInclude(item, new Set())).toEqual(item);
  });

  it('leaves the complete item as it was', () => {
    const complete = structuredClone(SEARCH);
    applyInclude(SEARCH, new Set());
    expect(SEARCH).toEqual(complete);
  });
});

it('a response has only those extra fields in its items that the client asked for', () => {
  expect(applyIncludeToResponse({ id: 'resp_1', output: [REASONING] }, new Set())).toEqual({
    id: 'resp_1',
    output: [{ type: 'reasoning', id: 'rs_1', summary: [] }],
  });
  const withoutOutput = { id: 'resp_1', object: 'response.compaction' };
  expect(applyIncludeToResponse(withoutOutput, new Set())).toBe(withoutOutput);
});
