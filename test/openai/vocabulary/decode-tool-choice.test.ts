import { describe, expect, it } from 'vitest';
import { createCompatibility } from '../../../src/openai/request/compatibility.ts';
import { decodeToolChoice } from '../../../src/openai/vocabulary/decode-tool-choice.ts';
import { refusalOf } from '../../support/decode-response.ts';

const TOOLS = [{ name: 'a' }, { name: 'b' }, { name: 'web search' }];
const ALLOWED = (mode: string, tools: readonly unknown[]) => ({ type: 'allowed_tools', mode, tools });

const choose = (value: unknown, tools = TOOLS, compatibility = createCompatibility(false)) =>
  decodeToolChoice(value, tools, {
    field: 'tool_choice',
    compatibility,
    nameOfType: (type) => (type === 'web_search' ? 'web search' : undefined),
  });

describe('a tool choice', () => {
  it.each([
    [undefined, ['a', 'b', 'web search'], undefined],
    [null, ['a', 'b', 'web search'], undefined],
    ['auto', ['a', 'b', 'web search'], undefined],
    ['none', [], undefined],
    ['required', ['a', 'b', 'web search'], 'required'],
    [{ type: 'function', function: { name: 'b' } }, ['b'], 'b'],
    [{ type: 'custom', custom: { name: 'b' } }, ['b'], 'b'],
    [{ type: 'function', name: 'b' }, ['b'], 'b'],
    [{ name: 'b' }, ['b'], 'b'],
    [{ type: 'web_search' }, ['web search'], 'web search'],
    [ALLOWED('auto', [{ type: 'function', name: 'b' }]), ['b'], undefined],
    [
      ALLOWED('required', [{ type: 'function', name: 'a' }, { type: 'web_search' }]),
      ['a', 'web search'],
      'required',
    ],
    [{ type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{ name: 'a' }] } }, ['a'], undefined],
  ])('of %j leaves the tools %j', (value, names, callRequired) => {
    const { tools, callRequired: required } = choose(value);
    expect(tools.map(({ name }) => name)).toEqual(names);
    expect(required).toBe(callRequired);
  });

  it('ignores allowed tools that Codex cannot offer', () => {
    const compatibility = createCompatibility(false);
    expect(choose(ALLOWED('auto', [{ type: 'mcp' }, { name: 'a' }]), TOOLS, compatibility).tools).toEqual([
      { name: 'a' },
    ]);
    expect([...compatibility.ignored]).toEqual(['tool_choice.tools[].mcp']);
  });

  it.each([
    ['a word that does not exist', 'any', TOOLS, 'tool_choice'],
    ['a call without tools', 'required', [], 'tool_choice'],
    ['a tool without tools', { name: 'a' }, [], 'tool_choice'],
    ['a tool that is not offered', { name: 'c' }, TOOLS, 'tool_choice'],
    ['a tool without a name', { type: 'function' }, TOOLS, 'tool_choice'],
    ['a hosted tool', { type: 'file_search' }, TOOLS, 'tool_choice'],
    ['an allowed tool that is not offered', ALLOWED('auto', [{ name: 'c' }]), TOOLS, 'tool_choice.tools[0]'],
    ['no allowed tools', ALLOWED('auto', []), TOOLS, 'tool_choice.tools'],
    ['a call of tools that Codex cannot offer', ALLOWED('required', [{ type: 'mcp' }]), TOOLS, 'tool_choice'],
  ])('is refused if it asks for %s', (_, value, tools, param) => {
    expect(refusalOf(() => choose(value, tools)).param).toBe(param);
  });
});
