import { z } from 'zod';

/** A string is short for one text part. */
function partsOf(value: unknown): unknown {
  return typeof value === 'string' ? [{ type: 'text', text: value }] : value;
}

const PARTS = { error: 'expected a string or an array of parts' };

/**
 * `ChatCompletionCreateParams`, as far as it is supported; `fields.ts` decides on the rest. What stands in an array is
 * checked one by one, with the schemas below: a long wrong one must not be searched for every mistake in it.
 */
export const chatRequestSchema = z.object({
  model: z.string().min(1, { error: 'expected a model id' }),
  messages: z.array(z.unknown()).min(1, { error: 'expected at least one message' }),
  stream: z.boolean().nullish(),
  stream_options: z
    .object({ include_usage: z.boolean().nullish(), include_obfuscation: z.boolean().nullish() })
    .nullish(),
});

export const messageSchema = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
});

/** Content of a message that must say something. */
export const contentSchema = z.object({
  content: z.preprocess(partsOf, z.array(z.unknown(), PARTS).min(1, { error: 'expected at least one part' })),
});

/** Content of an assistant's message, which may be empty or absent. */
export const assistantContentSchema = z.object({
  content: z.preprocess(partsOf, z.array(z.unknown(), PARTS).nullish()).optional(),
  refusal: z.string().nullish(),
});

export const partSchema = z.object({ type: z.string() });
export const textPartSchema = z.object({ text: z.string() });
export const imagePartSchema = z.object({
  image_url: z.object({ url: z.string(), detail: z.enum(['auto', 'low', 'high', 'original']).nullish() }),
});
export const refusalPartSchema = z.object({ refusal: z.string() });
