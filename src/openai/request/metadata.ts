import { z } from 'zod';
import { isJsonObject } from '../../base/json.ts';

const MAX_PAIRS = 16;
const MAX_KEY = 64;
const MAX_VALUE = 512;

const RULE = `expected an object of at most ${MAX_PAIRS} texts, each of at most ${MAX_VALUE} characters, by keys of at most ${MAX_KEY}`;

/** `metadata`, which callers keep beside an object: it comes back as it was. */
export const metadataSchema = z
  // Counted first: of a million wrong ones, not each is to be looked at.
  .custom<unknown>((given) => !isJsonObject(given) || Object.keys(given).length <= MAX_PAIRS, { error: RULE })
  .pipe(z.record(z.string(), z.string({ error: RULE }).max(MAX_VALUE, { error: RULE }), { error: RULE }))
  .refine((pairs) => Object.keys(pairs).every((key) => key.length <= MAX_KEY), { error: RULE });
