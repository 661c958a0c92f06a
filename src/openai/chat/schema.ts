import { z } from 'zod';

/** A string is short for one text part. */
function partsOf(value: unknown): unknown {
  return typeof value === 'string' ? [{ type: 'text', text: value }] : value;
}

const PARTS = { error: 'expected a string or an array of parts' };

/** More would be as many turns at once. */
const MAX_ANSWERS = 8;
const MAX_TOOLS = 128;

const effort = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']);
/** Null says nothing. */
const place = z
  .string()
  .nullish()
  .transform((name) => name ?? undefined);
const tokens = z.int().min(1).nullish();
const list = (limit: number) =>
  z.array(z.unknown()).max(limit, { error: `expected at most ${limit} entries` });
// Each piece of an answer is looked through for the beginning of one.
const stopSequence = z.string().min(1).max(1000);

/**
 * `ChatCompletionCreateParams`, as far as it is mapped or emulated; `fields.ts` decides on the rest. What stands in an
 * array is checked one by one, with the schemas below: a long wrong one must not be searched for every mistake in it.
 */
export const chatRequestSchema = z.object({
  model: z.string().min(1, { error: 'expected a model id' }),
  stream: z.boolean().nullish(),
  stream_options: z
    .object({ include_usage: z.boolean().nullish(), include_obfuscation: z.boolean().nullish() })
    .nullish(),
  n: z
    .int()
    .min(1)
    .max(MAX_ANSWERS, { error: `expected at most ${MAX_ANSWERS} answers` })
    .nullish(),
  stop: z
    .union([stopSequence, z.array(stopSequence).max(64)], {
      error: 'expected a text of 1 to 1000 characters, or up to 64 of them',
    })
    .nullish(),
  tools: list(MAX_TOOLS).nullish(),
  functions: list(MAX_TOOLS).nullish(),
  tool_choice: z.unknown().optional(),
  function_call: z.unknown().optional(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: z.unknown().optional(),
  reasoning_effort: effort.nullish(),
  reasoning: z.object({ effort: effort.nullish() }).nullish(),
  verbosity: z.enum(['low', 'medium', 'high']).nullish(),
  service_tier: z.enum(['auto', 'default', 'flex', 'priority', 'fast', 'scale']).nullish(),
  web_search_options: z
    .object({
      search_context_size: z.enum(['low', 'medium', 'high']).nullish(),
      user_location: z
        .object({
          type: z.literal('approximate'),
          approximate: z.object({
            city: place,
            country: place,
            region: place,
            timezone: place,
          }),
        })
        .nullish(),
    })
    .nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  user: z.string().nullish(),
  safety_identifier: z.string().nullish(),
});

export type ChatBody = z.output<typeof chatRequestSchema>;

export const messagesSchema = z.object({
  messages: z.array(z.unknown()).min(1, { error: 'expected at least one message' }),
});

/** Token limits, which are looked at only where they are kept. */
export const limitSchema = z.object({ max_completion_tokens: tokens, max_tokens: tokens });

export const messageSchema = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
});

/** Content of a message that must say something. */
export const contentSchema = z.object({
  content: z.preprocess(partsOf, z.array(z.unknown(), PARTS).min(1, { error: 'expected at least one part' })),
});

const legacyCallSchema = z.object({ name: z.string(), arguments: z.string() });
export type LegacyCall = z.output<typeof legacyCallSchema>;

/** An assistant's message, which may have no content. */
export const assistantSchema = z.object({
  content: z.preprocess(partsOf, z.array(z.unknown(), PARTS).nullish()).optional(),
  refusal: z.string().nullish(),
  tool_calls: z.array(z.unknown()).nullish(),
  function_call: legacyCallSchema.nullish(),
});

export const toolMessageSchema = z.object({ tool_call_id: z.string() });

export const toolCallSchema = z.union(
  [
    z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) }),
    z.object({ id: z.string(), custom: z.object({ name: z.string(), input: z.string() }) }),
  ],
  { error: 'expected an id, and a function with name and arguments or a custom with name and input' },
);

export const textPartSchema = z.object({ text: z.string() });
export const imagePartSchema = z.object({
  image_url: z.object({ url: z.string(), detail: z.enum(['auto', 'low', 'high', 'original']).nullish() }),
});
export const refusalPartSchema = z.object({ refusal: z.string() });
export const filePartSchema = z.object({
  file: z.object({
    file_data: z.string().nullish(),
    filename: z.string().nullish(),
    file_id: z.unknown().optional(),
  }),
});
