import { z } from 'zod';

const output = z.union([z.string(), z.array(z.unknown())], { error: 'expected a text or an array of parts' });

export const inputSchema = z.union([z.string(), z.array(z.unknown())], {
  error: 'expected a text or an array of items',
});

export const chatInputSchema = z.object({ instructions: z.string().nullish(), input: inputSchema });

/** What an item is known by; a message and a reference may come without `type`. */
export const itemSchema = z.object({
  type: z.string().nullish(),
  id: z.string().nullish(),
  role: z.unknown().optional(),
  encrypted_content: z.string().nullish(),
});

export const messageSchema = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: output,
  phase: z.unknown().optional(),
});
const namespace = z.string().nullish();
export const callSchema = z.object({
  call_id: z.string(),
  name: z.string(),
  arguments: z.string(),
  namespace,
});
export const customCallSchema = z.object({
  call_id: z.string(),
  name: z.string(),
  input: z.string(),
  namespace,
});
export const outputSchema = z.object({ call_id: z.string(), output });
export const compactionSchema = z.object({ encrypted_content: z.string() });

export const toolSchema = z.object({ type: z.string() });

export const textPartSchema = z.object({ text: z.string() });
export const refusalPartSchema = z.object({ refusal: z.string() });
export const imagePartSchema = z.object({
  image_url: z.string(),
  detail: z.enum(['auto', 'low', 'high', 'original']).nullish(),
});
export const filePartSchema = z.object({ file_data: z.string().nullish(), filename: z.string().nullish() });
