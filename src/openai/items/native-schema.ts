import { z } from 'zod';

// What Codex insists on in the items that it takes as they are: it would refuse the conversation for one of them.

const text = z.object({ text: z.string() });
const maybe = z.string().nullish();

export const sealedReasoningSchema = z.object({
  id: maybe,
  encrypted_content: z.string(),
  summary: z.array(text.extend({ type: z.literal('summary_text') })).optional(),
  content: z.array(text.extend({ type: z.enum(['reasoning_text', 'text']) })).nullish(),
});

export const webSearchSchema = z.object({
  id: maybe,
  status: maybe,
  action: z
    .object({
      type: z.string(),
      query: maybe,
      queries: z.array(z.string()).nullish(),
      url: maybe,
      pattern: maybe,
    })
    .nullish(),
});

const search = z.object({
  id: maybe,
  call_id: maybe,
  status: z.string().optional(),
  execution: z.enum(['client', 'server']).optional(),
});
export const toolSearchCallSchema = search.extend({ arguments: z.unknown().optional() });
export const toolSearchOutputSchema = search.extend({ tools: z.array(z.unknown()) });

export const additionalToolsSchema = z.object({
  id: maybe,
  role: z.string(),
  tools: z.array(z.unknown()),
});

export const agentMessageSchema = z.object({
  id: maybe,
  author: z.string(),
  recipient: z.string(),
  content: z.array(
    z.union([
      text.extend({ type: z.literal('input_text') }),
      z.object({ type: z.literal('encrypted_content'), encrypted_content: z.string() }),
    ]),
  ),
});

export const configurationSchema = z.object({ reasoning: z.object({ effort: z.string() }) });
