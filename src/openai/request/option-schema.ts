import { z } from 'zod';

// What chat completions and responses have alike.

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
/** However many: the provider decides on that. */
export const toolListSchema = z.array(z.unknown()).nullish();
