import type { CatalogEntry } from '../../runtime/catalog.ts';

/** `auto` makes clients' tools ordinary function tools; `off` keeps the routing that a model's entry in the catalog requires. */
export type NativeTools = 'auto' | 'off';

/** A model that is served even if Codex's catalog does not contain it. */
export interface FurtherModel {
  readonly id: string;
  readonly isListed: boolean;
}

/** Keys that describe a model. Any other key may bring a tool or a prompt, and is left out. */
const KEPT_KEYS = [
  'slug',
  'display_name',
  'description',
  'visibility',
  'supported_in_api',
  'priority',
  'default_reasoning_level',
  'supported_reasoning_levels',
  'default_reasoning_summary',
  'service_tiers',
  'additional_speed_tiers',
  'support_verbosity',
] as const;

/** More tokens or bytes than any request has, so that Codex never shortens a prompt or a tool's output. */
export const UNLIMITED = 1_000_000_000;

const BARE_ENTRY = {
  base_instructions: '',
  shell_type: 'disabled',
  experimental_supported_tools: [],
  supports_reasoning_effort_updates: false,
  context_window: UNLIMITED,
  max_context_window: UNLIMITED,
  truncation_policy: { mode: 'bytes', limit: UNLIMITED },
  supports_image_detail_original: true,
  input_modalities: ['text', 'image', 'audio'],
};

/** Keys of a model that Codex's catalog does not contain. */
const UNKNOWN_ENTRY = {
  supported_in_api: true,
  priority: 0,
  default_reasoning_level: null,
  supported_reasoning_levels: [],
  default_reasoning_summary: 'none',
  support_verbosity: true,
  // Codex drops a service tier that the entry does not name.
  service_tiers: [{ id: 'priority', name: 'priority', description: '' }],
};

/** Returns the catalog for the child: the known models without tools and prompts, and an entry for each further model. */
export function bareCatalog(
  known: readonly CatalogEntry[],
  further: readonly FurtherModel[],
  nativeTools: NativeTools,
): { models: object[] } {
  const slugs = new Set(known.map((entry) => entry.slug));
  const unknown = new Map(further.filter(({ id }) => !slugs.has(id)).map((model) => [model.id, model]));
  return {
    models: [
      ...known.map((entry) => ({
        ...Object.fromEntries(KEPT_KEYS.flatMap((key) => (key in entry ? [[key, entry[key]]] : []))),
        ...BARE_ENTRY,
        use_responses_lite: keepsRouting(nativeTools, entry),
      })),
      ...[...unknown.values()].map(({ id, isListed }) => ({
        slug: id,
        display_name: id,
        ...UNKNOWN_ENTRY,
        visibility: isListed ? 'list' : 'hide',
        ...BARE_ENTRY,
        use_responses_lite: false,
      })),
    ],
  };
}

/** Returns true if a model gets its tools in a form of its own, which has no room for Codex's web search. */
export function keepsRouting(nativeTools: NativeTools, entry: CatalogEntry | undefined): boolean {
  return nativeTools === 'off' && entry?.use_responses_lite === true;
}
