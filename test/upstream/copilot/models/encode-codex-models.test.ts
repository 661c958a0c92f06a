import { expect, it } from 'vitest';
import {
  encodeCodexModels,
  type CodexModel,
} from '../../../../src/upstream/copilot/models/encode-codex-models.ts';
import type { CopilotModel } from '../../../../src/upstream/copilot/models/read-model-list.ts';

const KNOWN: CodexModel[] = [
  {
    slug: 'gpt-7',
    base_instructions: 'Instructions of gpt-7',
    model_messages: { instructions_template: 'Template of gpt-7' },
    include_skills_usage_instructions: false,
    default_reasoning_level: 'low',
    supported_reasoning_levels: [
      { effort: 'low', description: 'Fast' },
      { effort: 'max', description: 'Deep' },
    ],
    support_verbosity: true,
    default_verbosity: 'high',
    description: 'The newest',
    tool_mode: 'code_mode_only',
  },
  {
    slug: 'gpt-5.5',
    base_instructions: 'Instructions of gpt-5.5',
    description: 'A known one',
    default_reasoning_level: 'high',
    default_reasoning_summary: 'none',
    support_verbosity: true,
    default_verbosity: 'low',
    context_window: 1,
    input_modalities: ['text', 'image'],
    shell_type: 'other',
    apply_patch_tool_type: 'freeform',
    use_responses_lite: true,
    tool_mode: 'code_mode_only',
    multi_agent_version: 'v2',
    supports_search_tool: true,
    service_tiers: [{ id: 'priority' }],
    experimental_supported_tools: ['clock'],
  },
];

const MODEL: CopilotModel = {
  id: 'gpt-5.5',
  name: 'GPT-5.5',
  ownedBy: 'OpenAI',
  isHidden: false,
  isDefault: false,
  contextLength: 400_000,
  maxPromptTokens: null,
  reasoningEfforts: ['low', 'high'],
  inputModalities: ['text'],
};

function encode(model: Partial<CopilotModel> = {}, overrides = {}): Record<string, unknown> {
  return encodeCodexModels([{ ...MODEL, ...model }], KNOWN, overrides)[0] as Record<string, unknown>;
}

it("has Codex's own prompt for a model that it knows, and the limits of Copilot", () => {
  expect(encode()).toEqual({
    slug: 'gpt-5.5',
    display_name: 'GPT-5.5',
    description: 'A known one',
    base_instructions: 'Instructions of gpt-5.5',
    supported_reasoning_levels: [
      { effort: 'low', description: 'Fast' },
      { effort: 'high', description: 'Reasoning effort high' },
    ],
    default_reasoning_level: 'high',
    default_reasoning_summary: 'none',
    shell_type: 'unified_exec',
    visibility: 'list',
    supported_in_api: true,
    priority: 1,
    support_verbosity: true,
    default_verbosity: 'low',
    truncation_policy: { mode: 'tokens', limit: 10_000 },
    experimental_supported_tools: [],
    context_window: 400_000,
    max_context_window: 400_000,
    input_modalities: ['text'],
  });
});

it('has the prompt of the first model for one that Codex does not know, and none of its abilities', () => {
  expect(encode({ id: 'new', name: 'New' })).toMatchObject({
    slug: 'new',
    display_name: 'New',
    base_instructions: 'Instructions of gpt-7',
    model_messages: { instructions_template: 'Template of gpt-7' },
    include_skills_usage_instructions: false,
    support_verbosity: false,
  });
  expect(encode({ id: 'new' })).not.toHaveProperty('description');
  expect(encode({ id: 'new' })).not.toHaveProperty('default_verbosity');
});

it.each([
  ['apply_patch_tool_type', 'freeform'],
  ['use_responses_lite', true],
  ['tool_mode', 'code_mode_only'],
  ['multi_agent_version', 'v2'],
  ['supports_search_tool', true],
])('has %s only if a setting says so', (key, value) => {
  expect(encode()).not.toHaveProperty(key);
  expect(encode({}, { 'gpt-5.5': { [key]: value } })).toHaveProperty(key, value);
  expect(encode({}, { other: { [key]: value } })).not.toHaveProperty(key);
});

it.each([
  ["Codex's default if Copilot has that effort", ['low', 'medium', 'high'], 'high'],
  ["medium if Copilot does not have Codex's default", ['low', 'medium'], 'medium'],
  ['the first effort if it has neither', ['minimal', 'max'], 'minimal'],
])('suggests %s', (_, reasoningEfforts, suggested) => {
  expect(encode({ reasoningEfforts })).toMatchObject({ default_reasoning_level: suggested });
});

it('suggests no effort and no summary for a model without efforts', () => {
  expect(encode({ reasoningEfforts: [] })).toMatchObject({
    supported_reasoning_levels: [],
    default_reasoning_summary: 'none',
  });
  expect(encode({ reasoningEfforts: [] })).not.toHaveProperty('default_reasoning_level');
});

it('lets Codex compact a conversation before it is longer than the longest prompt', () => {
  expect(encode({ maxPromptTokens: 200_000 })).toMatchObject({ auto_compact_token_limit: 180_000 });
  expect(encode({ maxPromptTokens: 400_000 })).not.toHaveProperty('auto_compact_token_limit');
});

it('says nothing of a context window that is unknown', () => {
  expect(encode({ contextLength: null })).not.toHaveProperty('context_window');
});

it('leaves out modalities for which Codex would refuse the whole list', () => {
  expect(encode({ inputModalities: ['text', 'smell', 'image'] })).toMatchObject({
    input_modalities: ['text', 'image'],
  });
});

it('puts the default first and keeps the order of the others', () => {
  const ids = ['a', 'b', 'c'];
  const models = ids.map((id) => ({ ...MODEL, id, isDefault: id === 'b' }));
  expect(encodeCodexModels(models, KNOWN, {})).toMatchObject([
    { slug: 'a', priority: 1 },
    { slug: 'b', priority: 0 },
    { slug: 'c', priority: 3 },
  ]);
});
