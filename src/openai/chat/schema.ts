import { z } from 'zod';
import {
  contextSizeSchema,
  effortSchema,
  HINT_SHAPE,
  placeSchema,
  SHARED_SHAPE,
  textList,
  tokenLimit,
  toolListSchema,
  verbositySchema,
} from '../request/shared-schema.ts';

/** Returns parts; a string stands for one text part. */
function partsOf(value: unknown): unknown {
  return typeof value === 'string' ? [{ type: 'text', text: value }] : value;
}

const PARTS = { error: 'expected a string or an array of parts' };

/**
 * `ChatCompletionCreateParams`, as far as it is mapped or emulated; `fields.ts` decides on the rest. The entries of arrays
 * are checked one by one, with the schemas below: a long array must not be searched for every mistake in it.
 */
export const chatRequestSchema = z.object({
  ...SHARED_SHAPE,
  tools: toolListSchema,
  functions: toolListSchema,
  tool_choice: z.unknown().optional(),
  function_call: z.unknown().optional(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: z.unknown().optional(),
  reasoning_effort: effortSchema,
  reasoning: z.object({ effort: effortSchema, summary: z.string().nullish() }).nullish(),
  verbosity: verbositySchema,
  service_tier: z.enum(['auto', 'default', 'flex', 'priority', 'fast', 'scale']).nullish(),
  web_search_options: z
    .object({
      search_context_size: contextSizeSchema,
      user_location: z
        .object({
          type: z.literal('approximate'),
          approximate: placeSchema,
        })
        .nullish(),
    })
    .nullish(),
  ...HINT_SHAPE,
  logit_bias: z.looseObject({}).nullish(),
  logprobs: z.boolean().nullish(),
  max_completion_tokens: tokenLimit,
  max_tokens: tokenLimit,
  prediction: z
    .looseObject({
      type: z.string().nullish(),
      content: z.union([z.string(), z.array(z.unknown())]).nullish(),
    })
    .nullish(),
});

/** The body of a Responses request, as far as it asks for the same as a chat completion. */
export const responsesSpellingSchema = chatRequestSchema.extend({
  max_output_tokens: tokenLimit,
  text: z.looseObject({ verbosity: verbositySchema }).nullish(),
  include: textList,
  truncation: z.string().nullish(),
});

type ResponsesSpelling = z.output<typeof responsesSpellingSchema>;

/** A checked body in either spelling. */
export type ChatBody = z.output<typeof chatRequestSchema> &
  Partial<Pick<ResponsesSpelling, 'max_output_tokens' | 'text'>>;

export const messagesSchema = z.object({
  messages: z.array(z.unknown()).min(1, { error: 'expected at least one message' }),
});

export const messageSchema = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  name: z.string().nullish(),
});

/** Content of a message that must not be empty. */
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
  {
    error:
      'expected an id, and a function with a name and arguments, or a custom tool with a name and an input',
  },
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
