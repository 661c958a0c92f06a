import { z } from 'zod';

// What chat completions and responses have alike.

const MAX_TOOLS = 128;

const level = z.enum(['low', 'medium', 'high']).nullish();
/** Null says nothing. */
const name = z
  .string()
  .nullish()
  .transform((given) => given ?? undefined);

export const effortSchema = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).nullish();
export const verbositySchema = level;
export const contextSizeSchema = level;
export const placeSchema = z.object({ city: name, country: name, region: name, timezone: name });
export const toolListSchema = z
  .array(z.unknown())
  .max(MAX_TOOLS, { error: `expected at most ${MAX_TOOLS} entries` })
  .nullish();
export const metadataSchema = z.record(z.string(), z.unknown()).nullish();
