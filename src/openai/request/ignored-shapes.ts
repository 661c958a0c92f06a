import { z } from 'zod';
import { isJsonObject } from '../../base/json.ts';
import { metadataSchema } from './metadata.ts';

// Type, range and size of what has no effect here, as OpenAI states them: a mistake in it is one all the same. A word of a
// list is no such mistake, since OpenAI's lists grow.

const flag = z.boolean().nullish();
const text = z.string().nullish();
const within = (least: number, most: number) => z.number().min(least).max(most).nullish();

/** One issue for the whole list: a long one must not be searched for every mistake in it. */
const listOf = (isMember: (value: unknown) => boolean, what: string) =>
  z
    .array(z.unknown())
    .refine((list) => list.every(isMember), { error: `expected an array of ${what}` })
    .nullish();

export const textList = listOf((value) => typeof value === 'string', 'strings');
const objectList = listOf(isJsonObject, 'objects');

/** A limit of tokens; without a setting it has no effect. */
export const tokenLimit = z.int().min(1).nullish();

/** What chat completions, text completions and responses have alike. */
export const SAMPLING_SHAPE = {
  temperature: within(0, 2),
  top_p: within(0, 1),
  frequency_penalty: within(-2, 2),
  presence_penalty: within(-2, 2),
  // 64 bits, which is wider than the integers that JavaScript counts by.
  seed: within(-(2 ** 63), 2 ** 63).refine((seed) => (seed ?? null) === null || Number.isInteger(seed), {
    error: 'expected an integer',
  }),
};

/** What chat completions and responses have alike. */
export const HINT_SHAPE = {
  metadata: metadataSchema.nullish(),
  moderation: z.looseObject({ model: text, policy: z.looseObject({}).nullish() }).nullish(),
  prompt_cache_key: text,
  prompt_cache_options: z
    .looseObject({ mode: text, ttl: text, prewarm: flag, comparison_response_id: text })
    .nullish(),
  prompt_cache_retention: text,
  safety_identifier: z.string().max(128).nullish(),
  store: flag,
  top_logprobs: z.int().min(0).max(20).nullish(),
  user: text,
};

/** What only responses have. */
export const RESPONSE_HINT_SHAPE = {
  truncation: text,
  client_metadata: z.looseObject({}).nullish(),
  context_management: objectList,
  image: z.looseObject({ context_compression: text }).nullish(),
  include: textList,
  max_output_tokens: tokenLimit,
  max_tool_calls: z.int().min(0).nullish(),
  personality: text,
};

/** What only chat completions have. */
export const CHAT_HINT_SHAPE = {
  logit_bias: z.looseObject({}).nullish(),
  logprobs: flag,
  max_completion_tokens: tokenLimit,
  max_tokens: tokenLimit,
  prediction: z
    .looseObject({ type: text, content: z.union([z.string(), z.array(z.unknown())]).nullish() })
    .nullish(),
};
