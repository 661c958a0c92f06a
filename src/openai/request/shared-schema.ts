import { z } from 'zod';
import { isJsonObject } from '../../base/json.ts';

// Schemas of fields that several contracts have in common. Fields without effect are checked for type, range and size as
// OpenAI states them, because a mistake in them is a mistake all the same; except for the words of an enumeration, since
// OpenAI adds to those.

const flag = z.boolean().nullish();
const text = z.string().nullish();
const within = (least: number, most: number) => z.number().min(least).max(most).nullish();

/** Creates a schema with one issue for the whole list: a long list must not be searched for every mistake in it. */
export const listOf = (isMember: (value: unknown) => boolean, what: string) =>
  z
    .array(z.unknown())
    .refine((list) => list.every(isMember), { error: `expected an array of ${what}` })
    .nullish();

export const textList = listOf((value) => typeof value === 'string', 'strings');

/** Has no effect unless the setting `maxTokens` enforces limits. */
export const tokenLimit = z.int().min(1).nullish();

/** Name of a tool or of a schema, as OpenAI allows it. */
export const nameSchema = z
  .string()
  .regex(/^[\w-]{1,64}$/, { error: "expected a name of 1 to 64 characters from a-z, A-Z, 0-9, '_' and '-'" });

const MAX_PAIRS = 16;
const MAX_KEY_LENGTH = 64;
const MAX_VALUE_LENGTH = 512;

const METADATA = {
  error: `expected an object with at most ${MAX_PAIRS} keys of up to ${MAX_KEY_LENGTH} characters, whose values are strings of up to ${MAX_VALUE_LENGTH} characters`,
};

/** `metadata`, which is returned as it was sent. */
export const metadataSchema = z
  // The pairs are counted first: not each of a million wrong ones is worth a look.
  .custom<unknown>((value) => !isJsonObject(value) || Object.keys(value).length <= MAX_PAIRS, METADATA)
  .pipe(z.record(z.string(), z.string(METADATA).max(MAX_VALUE_LENGTH, METADATA), METADATA))
  .refine((pairs) => Object.keys(pairs).every((key) => key.length <= MAX_KEY_LENGTH), METADATA);

/** Sampling options of chat completions, text completions and responses. */
export const SAMPLING_SHAPE = {
  temperature: within(0, 2),
  top_p: within(0, 1),
  frequency_penalty: within(-2, 2),
  presence_penalty: within(-2, 2),
  // 64 bits, which is more than JavaScript's safe integers.
  seed: within(-(2 ** 63), 2 ** 63).refine((seed) => (seed ?? null) === null || Number.isInteger(seed), {
    error: 'expected an integer',
  }),
};

/** Maximum number of answers to one request: each is a turn of its own, and they run at the same time. */
export const MAX_ANSWERS = 8;

// Every piece of an answer is searched for the beginning of a stop sequence.
const stopSequence = z.string().min(1).max(1000);

/** Fields that chat completions and text completions have in common. */
export const SHARED_SHAPE = {
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
      error: 'expected a string of 1 to 1000 characters, or an array of up to 64 such strings',
    })
    .nullish(),
  user: z.string().nullish(),
  ...SAMPLING_SHAPE,
};

/** Fields without effect that chat completions and responses have in common. */
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

const level = z.enum(['low', 'medium', 'high']).nullish();
const placeName = z
  .string()
  .nullish()
  .transform((name) => name ?? undefined);

export const effortSchema = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).nullish();
export const verbositySchema = level;
export const contextSizeSchema = level;
export const placeSchema = z.object({
  city: placeName,
  country: placeName,
  region: placeName,
  timezone: placeName,
});
/** Any number of tools, since the provider has the limit; each tool is checked by itself. */
export const toolListSchema = z.array(z.unknown()).nullish();
