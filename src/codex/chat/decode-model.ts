import type { Model as CodexModel } from '../../../generated/v2/Model.js';
import type { Model } from '../../conversation/model.ts';
import type { CatalogEntry } from '../runtime/catalog.ts';
import { keepsRouting, type NativeTools } from './profile/bare-catalog.ts';

/** An effort for which Codex runs agents of its own. They are off, and it would be sent as the highest ordinary effort. */
const WITH_AGENTS = 'ultra';

export interface ModelContext {
  readonly ownedBy: string;
  readonly nativeTools: NativeTools;
  /** The model's entry in Codex's own catalog. */
  readonly known: CatalogEntry | undefined;
}

/**
 * Decodes an entry of `model/list`. Context length and modalities come from Codex's own catalog: the child's catalog has other
 * values, so that Codex changes nothing about a turn.
 */
export function decodeModel(model: CodexModel, { ownedBy, nativeTools, known }: ModelContext): Model {
  return {
    id: model.model,
    isListed: !model.hidden,
    isDefault: model.isDefault ?? false,
    ownedBy,
    contextLength: known?.context_window ?? null,
    reasoningEfforts: known ? effortsOf(model) : null,
    defaultReasoningEffort: known === undefined ? null : model.defaultReasoningEffort,
    // Catalogs do not list flex, which is sent for every model.
    serviceTiers: known ? [...(model.serviceTiers ?? []).map(({ id }) => id), 'flex'] : null,
    inputModalities: known?.input_modalities ?? ['text', 'image'],
    webSearch: !keepsRouting(nativeTools, known),
  };
}

function effortsOf({ supportedReasoningEfforts }: CodexModel): string[] {
  const efforts = (supportedReasoningEfforts ?? []).map(({ reasoningEffort }) => reasoningEffort);
  return efforts.filter((effort) => effort !== WITH_AGENTS);
}
