import type { CopilotModel } from './read-model-list.ts';

/** An entry of the list that Codex carries. */
export interface CodexModel {
  readonly slug: string;
  readonly [key: string]: unknown;
}

/** Keys of Codex's own entries that make up a prompt. */
const PROMPT_KEYS = [
  'base_instructions',
  'model_messages',
  'include_skills_usage_instructions',
  'include_plugin_usage_instructions',
  'include_apps_usage_instructions',
];

/** Keys that say what a model can do, and are therefore taken only from Codex's entry for the same model. */
const MODEL_KEYS = [
  'description',
  'support_verbosity',
  'default_verbosity',
  'default_reasoning_summary',
  'truncation_policy',
];

/** Modalities that Codex knows: it refuses a whole list for another one. */
const MODALITIES = ['text', 'image', 'audio'];

/** Part of the longest prompt at which Codex compacts a conversation, as it does by itself for a context window. */
const COMPACTED_AT = 0.9;

/**
 * Encodes models as entries of Codex's list, which replace Codex's own.
 *
 * @param known The list that Codex carries, which has at least one entry.
 * @param overrides Further keys by the ids of models.
 */
export function encodeCodexModels(
  models: readonly CopilotModel[],
  known: readonly CodexModel[],
  overrides: Readonly<Record<string, object>>,
): object[] {
  const descriptions = describeEfforts(known);
  return models.map((model, index) => {
    const same = known.find(({ slug }) => slug === model.id);
    return {
      ...pick(same ?? known[0]!, PROMPT_KEYS),
      slug: model.id,
      display_name: model.name,
      shell_type: 'unified_exec',
      visibility: model.isHidden ? 'hide' : 'list',
      supported_in_api: true,
      priority: model.isDefault ? 0 : index + 1,
      support_verbosity: false,
      truncation_policy: { mode: 'tokens', limit: 10_000 },
      experimental_supported_tools: [],
      ...(same !== undefined && pick(same, MODEL_KEYS)),
      ...encodeReasoning(model, same, descriptions),
      ...encodeContext(model),
      input_modalities: model.inputModalities.filter((modality) => MODALITIES.includes(modality)),
      ...(Object.hasOwn(overrides, model.id) && overrides[model.id]),
    };
  });
}

function pick(entry: CodexModel, keys: readonly string[]): object {
  return Object.fromEntries(keys.filter((key) => key in entry).map((key) => [key, entry[key]]));
}

/** Encodes the efforts; without any there is no default, which Codex would send all the same. */
function encodeReasoning(
  { reasoningEfforts: efforts }: CopilotModel,
  same: CodexModel | undefined,
  descriptions: ReadonlyMap<string, string>,
): object {
  if (efforts.length === 0) return { supported_reasoning_levels: [], default_reasoning_summary: 'none' };
  const usual = [same?.default_reasoning_level, 'medium'].find((effort) => efforts.includes(String(effort)));
  return {
    supported_reasoning_levels: efforts.map((effort) => ({
      effort,
      description: descriptions.get(effort) ?? `Reasoning effort ${effort}`,
    })),
    default_reasoning_level: usual ?? efforts[0],
  };
}

function encodeContext({ contextLength, maxPromptTokens }: CopilotModel): object {
  if (contextLength === null) return {};
  const prompt = maxPromptTokens ?? contextLength;
  return {
    context_window: contextLength,
    max_context_window: contextLength,
    // Codex knows no limit of a prompt that is below the window.
    ...(prompt < contextLength && { auto_compact_token_limit: Math.floor(prompt * COMPACTED_AT) }),
  };
}

/** Returns the first description that Codex has for each effort. */
function describeEfforts(known: readonly CodexModel[]): Map<string, string> {
  const descriptions = new Map<string, string>();
  for (const { supported_reasoning_levels: levels } of known) {
    for (const level of Array.isArray(levels) ? (levels as unknown[]) : []) {
      const { effort, description } = (level ?? {}) as { effort?: unknown; description?: unknown };
      if (typeof effort !== 'string' || typeof description !== 'string') continue;
      if (!descriptions.has(effort)) descriptions.set(effort, description);
    }
  }
  return descriptions;
}
