import { z } from 'zod';
import { SAMPLING_SHAPE } from './ignored-shapes.ts';

/** More would be as many turns at once. */
export const MAX_ANSWERS = 8;

// Each piece of an answer is looked through for the beginning of one.
const stopSequence = z.string().min(1).max(1000);

/** What chat completions and text completions have alike. */
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
      error: 'expected a text of 1 to 1000 characters, or up to 64 of them',
    })
    .nullish(),
  user: z.string().nullish(),
  ...SAMPLING_SHAPE,
};
