import { z } from 'zod';

// Shapes of the items that a request may contain. For passthrough items they hold what Codex insists on: it would refuse the
// whole conversation because of one of them.

const optionalText = z.string().nullish();
const text = z.object({ text: z.string() });
const output = z.union([z.string(), z.array(z.unknown())], {
  error: 'expected a string or an array of parts',
});

export const inputSchema = z.union([z.string(), z.array(z.unknown())], {
  error: 'expected a string or an array of items',
});

export const messageItemSchema = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: output,
  phase: z.unknown().optional(),
});

const call = z.object({ call_id: z.string(), name: z.string(), namespace: optionalText });
export const functionCallSchema = call.extend({ arguments: z.string() });
export const customCallSchema = call.extend({ input: z.string() });
export const callOutputSchema = z.object({ call_id: z.string(), output });

export const reasoningSchema = z.object({
  id: optionalText,
  encrypted_content: z.string(),
  summary: z.array(text.extend({ type: z.literal('summary_text') })).optional(),
  content: z.array(text.extend({ type: z.enum(['reasoning_text', 'text']) })).nullish(),
});

export const webSearchCallSchema = z.object({
  id: optionalText,
  status: optionalText,
  action: z
    .object({
      type: z.string(),
      query: optionalText,
      queries: z.array(z.string()).nullish(),
      url: optionalText,
      pattern: optionalText,
    })
    .nullish(),
});

const toolSearch = z.object({
  id: optionalText,
  call_id: optionalText,
  status: z.string().optional(),
  execution: z.enum(['client', 'server']).optional(),
});
export const toolSearchCallSchema = toolSearch.extend({ arguments: z.unknown().optional() });
export const toolSearchOutputSchema = toolSearch.extend({ tools: z.array(z.unknown()) });

export const additionalToolsSchema = z.object({
  id: optionalText,
  role: z.string(),
  tools: z.array(z.unknown()),
});

export const agentMessageSchema = z.object({
  id: optionalText,
  author: z.string(),
  recipient: z.string(),
  content: z.array(
    z.union([
      text.extend({ type: z.literal('input_text') }),
      z.object({ type: z.literal('encrypted_content'), encrypted_content: z.string() }),
    ]),
  ),
});

export const configurationUpdateSchema = z.object({ reasoning: z.object({ effort: z.string() }) });

export const fileSearchCallSchema = z.object({
  queries: z.array(z.string()).nullish(),
  results: z.array(z.looseObject({})),
});

export const codeInterpreterCallSchema = z.object({
  code: optionalText,
  outputs: z.array(
    z.union([
      z.object({ type: z.literal('logs'), logs: z.string() }),
      z.object({ type: z.literal('image'), url: z.string() }),
    ]),
  ),
});

export const imageGenerationCallSchema = z.object({
  result: z.string(),
  output_format: optionalText,
  revised_prompt: optionalText,
});

export const mcpCallSchema = z.object({
  name: z.string(),
  server_label: optionalText,
  arguments: optionalText,
  output: optionalText,
  error: z.unknown().optional(),
});

export const compactionSchema = z.object({ encrypted_content: z.string() });
