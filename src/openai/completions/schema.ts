import { z } from 'zod';
import { tokenLimit } from '../request/ignored-shapes.ts';
import { SHARED_SHAPE } from '../request/shared-schema.ts';

/** `CompletionCreateParams`, as far as it is mapped or emulated; `fields.ts` decides on the rest. */
export const completionRequestSchema = z.object({
  ...SHARED_SHAPE,
  max_tokens: tokenLimit,
  prompt: z.union([z.string(), z.array(z.unknown()).min(1)], {
    error: 'expected a text or an array of texts',
  }),
});

export const promptSchema = z.string();

/** Looked at only where token limits are kept. */
export const limitSchema = z.object({ max_tokens: tokenLimit });
