import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StartupError } from '../../base/errors.ts';
import type { PrivateHome } from '../home/private-home.ts';
import { runBinary } from '../process/run-binary.ts';

export const entrySchema = z.looseObject({
  slug: z.string(),
  context_window: z.number().nullish(),
  input_modalities: z.array(z.string()).nullish(),
  use_responses_lite: z.boolean().nullish(),
});

/** One model of Codex's own catalog. It has more keys than the schema names. */
export type CatalogEntry = z.output<typeof entrySchema>;

/** Milliseconds for the provider's list: an expired login is refreshed first, which must not be interrupted. */
const LIVE_TIMEOUT_MS = 20_000;
/** Milliseconds for the list that the binary carries. */
const BUNDLED_TIMEOUT_MS = 10_000;
/** The bundled catalog has some 745 kB. */
const MAX_BYTES = 64 * 1024 * 1024;

export interface ReadCatalogOptions {
  readonly binary: string;
  readonly environment: Record<string, string>;
  /** A home with the login, and without a catalog of the gateway's. */
  readonly home: PrivateHome;
  readonly signal: AbortSignal;
}

export interface Catalog {
  readonly entries: readonly CatalogEntry[];
  /** True if the provider has listed it, for this login. */
  readonly isLive: boolean;
}

/** Reads the catalog that the provider of the login lists, or else the one that the binary carries. */
export async function readCatalog({
  binary,
  environment,
  home,
  signal,
}: ReadCatalogOptions): Promise<Catalog> {
  for (const isBundled of [false, true]) {
    const entries = await printCatalog({ binary, environment, home, signal }, isBundled);
    if (entries === undefined) continue;
    return { entries: entries.map(withoutPrompts), isLive: await hasListed(home) };
  }
  throw new StartupError(NO_LIST);
}

const NO_LIST = 'This codex does not list its models; use another --codex.';

/** Reads the catalog that the binary carries, with Codex's own prompts. Asks nobody. */
export async function readBundledCatalog(options: ReadCatalogOptions): Promise<CatalogEntry[]> {
  const entries = await printCatalog(options, true);
  if (entries !== undefined && entries.length > 0) return entries;
  throw new StartupError(NO_LIST);
}

async function printCatalog(
  { binary, environment, home, signal }: ReadCatalogOptions,
  isBundled: boolean,
): Promise<CatalogEntry[] | undefined> {
  const output = await runBinary(binary, ['debug', 'models', ...(isBundled ? ['--bundled'] : [])], {
    environment: { ...environment, CODEX_HOME: home.path },
    workingDirectory: home.workingDirectory,
    timeoutMs: isBundled ? BUNDLED_TIMEOUT_MS : LIVE_TIMEOUT_MS,
    maxBytes: MAX_BYTES,
    signal,
  });
  signal.throwIfAborted();
  return output === undefined ? undefined : parseCatalog(output);
}

/** Returns true if the provider has listed models: Codex falls back on its own list silently, but keeps a received one in a file. */
async function hasListed({ path }: PrivateHome): Promise<boolean> {
  const cache = await readFile(join(path, 'models_cache.json'), 'utf8').catch(() => '');
  return (parseCatalog(cache) ?? []).length > 0;
}

function parseCatalog(text: string): CatalogEntry[] | undefined {
  try {
    const { models } = z.object({ models: z.array(entrySchema) }).parse(JSON.parse(text));
    return models;
  } catch {
    return undefined;
  }
}

/** Returns an entry without Codex's own prompts, which make up almost all of a catalog and reach no turn. */
function withoutPrompts(entry: CatalogEntry): CatalogEntry {
  const kept = { ...entry };
  delete kept.base_instructions;
  delete kept.model_messages;
  return kept;
}
