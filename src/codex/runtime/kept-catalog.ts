import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readKept, writeKept } from '../home/kept-file.ts';
import { entrySchema, type Catalog } from './catalog.ts';

/** A file with the catalog that was read last, so that a start need not wait for it. */
export interface KeptCatalog {
  /** Resolves to the catalog that was kept for the same facts, unless it is too old. */
  find(): Promise<Catalog | undefined>;
  /** Keeps a catalog in place of another. */
  keep(catalog: Catalog): Promise<void>;
}

/** Milliseconds for which a catalog is kept: a program that never runs for long does not read it in the background. */
const MAX_AGE_MS = 24 * 60 * 60_000;

const keptSchema = z.object({
  key: z.string(),
  savedAtMs: z.number(),
  isLive: z.boolean(),
  entries: z.array(entrySchema).min(1),
});

/**
 * Opens the file.
 *
 * @param facts Everything that the catalog depends on. Only a hash of it is written.
 */
export function openKeptCatalog(path: string, facts: readonly unknown[]): KeptCatalog {
  const key = createHash('sha256').update(JSON.stringify(facts)).digest('hex');
  return {
    async find() {
      const kept = keptSchema.safeParse(await readKept(path)).data;
      if (kept === undefined || kept.key !== key) return undefined;
      const { entries, isLive } = kept;
      const ageMs = Date.now() - kept.savedAtMs;
      return ageMs >= 0 && ageMs < MAX_AGE_MS ? { entries, isLive } : undefined;
    },
    async keep({ entries, isLive }) {
      await writeKept(path, { key, savedAtMs: Date.now(), isLive, entries });
    },
  };
}
