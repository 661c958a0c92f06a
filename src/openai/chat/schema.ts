import { z } from 'zod';

/** A string is short for one text part. */
function partsOf(value: unknown): unknown {
  return typeof value === 'string' ? [{ type: 'text', text: value }] : value;
}

const part = z.looseObject({ type: z.string() });
const parts = z.preprocess(partsOf, z.array(part).min(1));

const message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: z.unknown().optional(),
});

/** `ChatCompletionCreateParams`, as far as it is supported; `fields.ts` decides on the rest. */
export const chatRequestSchema = z.looseObject({
  model: z.string().min(1),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z
    .strictObject({ include_usage: z.boolean().nullish(), include_obfuscation: z.boolean().nullish() })
    .nullish(),
});

/** Content of a message that must say something. */
export const contentSchema = z.object({ content: parts });

/** Content of an assistant's message, which may be empty or absent. */
export const assistantContentSchema = z.object({
  content: z.preprocess(partsOf, z.array(part).nullish()).optional(),
  refusal: z.string().nullish(),
});

export const textPartSchema = z.object({ text: z.string() });
export const refusalPartSchema = z.object({ refusal: z.string() });
