import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StartupError } from '../../base/errors.ts';
import { askBinary } from '../process/ask-binary.ts';
import type { PrivateHome } from './private-home.ts';

/** `auto` makes client tools ordinary function tools; `off` keeps the routing that a model's own entry asks for. */
export type NativeTools = 'auto' | 'off';

const entrySchema = z.looseObject({
  slug: z.string(),
  context_window: z.number().nullish(),
  input_modalities: z.array(z.string()).nullish(),
  use_responses_lite: z.boolean().nullish(),
});

/** One model of Codex's own catalog, of which few keys are read. */
export type CatalogEntry = z.output<typeof entrySchema>;

/** A model that is served whether or not Codex's catalog knows it. */
export interface FurtherModel {
  readonly id: string;
  readonly listed: boolean;
}

/** Keys that say what a model is. Whatever else an entry holds may bring a tool or a prompt, and is left out. */
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

/** Tokens, bytes: more than any request holds, so that Codex never shortens a prompt or a tool's output by itself. */
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

/** For a model that Codex's catalog does not know. */
const UNKNOWN_ENTRY = {
  supported_in_api: true,
  priority: 0,
  default_reasoning_level: null,
  supported_reasoning_levels: [],
  default_reasoning_summary: 'none',
  support_verbosity: true,
  // Codex drops a tier that the entry does not name.
  service_tiers: [{ id: 'priority', name: 'priority', description: '' }],
};

/** The catalog for the child: `known` made bare, and an entry for each further model. */
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
      ...[...unknown.values()].map(({ id, listed }) => ({
        slug: id,
        display_name: id,
        ...UNKNOWN_ENTRY,
        visibility: listed ? 'list' : 'hide',
        ...BARE_ENTRY,
        use_responses_lite: false,
      })),
    ],
  };
}

/** Whether a model is sent its tools in a way of its own, which has no room for Codex's web search. */
export function keepsRouting(nativeTools: NativeTools, entry: CatalogEntry | undefined): boolean {
  return nativeTools === 'off' && entry?.use_responses_lite === true;
}

/** Milliseconds: a login that has expired is refreshed first, and must not be cut in the middle of it. */
const PATIENCE = 20_000;
/** Milliseconds for what the binary says without asking anyone. */
const BUNDLED_PATIENCE = 10_000;
/** The bundled catalog has 745 kB. */
const MAX_BYTES = 64 * 1024 * 1024;

export interface CatalogQuestion {
  readonly binary: string;
  readonly environment: Record<string, string>;
  /** With the login, and without a catalog of ours. */
  readonly home: PrivateHome;
  readonly signal: AbortSignal;
}

export interface Catalog {
  readonly entries: readonly CatalogEntry[];
  /** Whether the provider has listed it, for this login. */
  readonly live: boolean;
}

/** The catalog that the provider of the login lists; else the one that the binary carries, without asking anyone. */
export async function readCatalog({ binary, environment, home, signal }: CatalogQuestion): Promise<Catalog> {
  for (const flags of [[], ['--bundled']]) {
    const answer = await askBinary(binary, ['debug', 'models', ...flags], {
      environment: { ...environment, CODEX_HOME: home.path },
      workingDirectory: home.workingDirectory,
      patience: flags.length === 0 ? PATIENCE : BUNDLED_PATIENCE,
      maxBytes: MAX_BYTES,
      signal,
    });
    const catalog = answer === undefined ? undefined : parseCatalog(answer);
    signal.throwIfAborted();
    if (catalog !== undefined) return { entries: catalog, live: await hasListed(home) };
  }
  throw new StartupError('This codex does not tell its models; use another --codex.');
}

/** Codex falls back on its own list without a word; what it was given, it keeps in a file. */
async function hasListed({ path }: PrivateHome): Promise<boolean> {
  const cache = await readFile(join(path, 'models_cache.json'), 'utf8').catch(() => '');
  return (parseCatalog(cache) ?? []).length > 0;
}

function parseCatalog(text: string): CatalogEntry[] | undefined {
  try {
    return z.object({ models: z.array(entrySchema) }).parse(JSON.parse(text)).models;
  } catch {
    return undefined;
  }
}
