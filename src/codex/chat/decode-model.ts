import type { Model as CodexModel } from '../../../generated/v2/Model.js';
import type { Model } from '../../conversation/model.ts';
import type { CatalogEntry } from '../runtime/catalog.ts';
import { keepsRouting, type NativeTools } from './profile/bare-catalog.ts';

/** The highest effort with agents of Codex's own, which are off: it would go up as the highest alone. */
const WITH_AGENTS = 'ultra';

export interface ModelContext {
  readonly ownedBy: string;
  readonly nativeTools: NativeTools;
  /** The model's entry in Codex's own catalog. */
  readonly known: CatalogEntry | undefined;
}

/**
 * A `model/list` entry. The child is told another context length and other modalities than Codex's own catalog has, so
 * that it keeps its hands off a turn.
 */
export function decodeModel(model: CodexModel, { ownedBy, nativeTools, known }: ModelContext): Model {
  return {
    id: model.model,
    listed: !model.hidden,
    isDefault: model.isDefault ?? false,
    ownedBy,
    contextLength: known?.context_window ?? null,
    reasoningEfforts: known ? effortsOf(model) : null,
    defaultReasoningEffort: known === undefined ? null : model.defaultReasoningEffort,
    // Flex is no tier of a catalog, and goes up for every model.
    serviceTiers: known ? [...(model.serviceTiers ?? []).map(({ id }) => id), 'flex'] : null,
    inputModalities: known?.input_modalities ?? ['text', 'image'],
    webSearch: !keepsRouting(nativeTools, known),
  };
}

function effortsOf({ supportedReasoningEfforts }: CodexModel): string[] {
  const efforts = (supportedReasoningEfforts ?? []).map(({ reasoningEffort }) => reasoningEffort);
  return efforts.filter((effort) => effort !== WITH_AGENTS);
}
