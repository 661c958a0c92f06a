import { z } from 'zod';

const output = z.union([z.string(), z.array(z.unknown())], { error: 'expected a text or an array of parts' });

/** `text`, whose fields are looked at one by one. */
export const textSchema = z.object({ text: z.looseObject({}).nullish() });

export const inputSchema = z.object({
  instructions: z.string().nullish(),
  input: z.union([z.string(), z.array(z.unknown()).min(1)], {
    error: 'expected a text or an array of items',
  }),
});

/** `type` of an item; a message may come without. */
export const itemSchema = z.object({ type: z.string().nullish() });

export const messageSchema = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: output,
});
export const callSchema = z.object({ call_id: z.string(), name: z.string(), arguments: z.string() });
export const customCallSchema = z.object({ call_id: z.string(), name: z.string(), input: z.string() });
export const outputSchema = z.object({ call_id: z.string(), output });

export const textPartSchema = z.object({ text: z.string() });
export const refusalPartSchema = z.object({ refusal: z.string() });
export const imagePartSchema = z.object({
  image_url: z.string(),
  detail: z.enum(['auto', 'low', 'high', 'original']).nullish(),
});
export const filePartSchema = z.object({ file_data: z.string().nullish(), filename: z.string().nullish() });
