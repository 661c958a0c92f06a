import { z } from 'zod';
import { isJsonObject } from '../../../base/json.ts';
import {
  contextSizeSchema,
  effortSchema,
  HINT_SHAPE,
  listOf,
  placeSchema,
  SAMPLING_SHAPE,
  textList,
  tokenLimit,
  toolListSchema,
  verbositySchema,
} from '../../request/shared-schema.ts';
import { referencesSchema } from '../../items/read-references.ts';
import { inputSchema } from '../../items/item-schemas.ts';

const flag = z.boolean().nullish();
const text = z.string().nullish();
const summary = z.enum(['auto', 'concise', 'detailed']).nullish();

/** Checks the fields of `ResponseCreateParams` that have an effect. Entries of arrays are checked one by one, later. */
export const requestSchema = referencesSchema.extend({
  model: z.string().min(1, { error: 'expected a model id' }),
  input: inputSchema.nullish(),
  instructions: text,
  stream: flag,
  stream_options: z.object({ include_obfuscation: flag }).nullish(),
  background: flag,
  generate: flag,
  tools: toolListSchema,
  tool_choice: z.unknown().optional(),
  parallel_tool_calls: flag,
  text: z
    .object({
      format: z.looseObject({ type: z.enum(['text', 'json_object', 'json_schema']) }).nullish(),
      verbosity: verbositySchema,
    })
    .nullish(),
  reasoning: z
    .object({
      effort: effortSchema,
      summary,
      generate_summary: summary,
      context: z.enum(['auto', 'current_turn', 'all_turns']).nullish(),
      mode: text,
    })
    .nullish(),
  service_tier: z.enum(['auto', 'default', 'flex', 'priority', 'fast', 'scale', 'ultrafast']).nullish(),
  ...SAMPLING_SHAPE,
  ...HINT_SHAPE,
  truncation: text,
  client_metadata: z.looseObject({}).nullish(),
  context_management: listOf(isJsonObject, 'objects'),
  image: z.looseObject({ context_compression: text }).nullish(),
  include: textList,
  max_output_tokens: tokenLimit,
  max_tool_calls: z.int().min(0).nullish(),
  personality: text,
});

export type RequestBody = z.output<typeof requestSchema>;

/** Checks the fields of `ResponseCompactParams`. */
export const compactSchema = requestSchema.pick({
  model: true,
  input: true,
  instructions: true,
  previous_response_id: true,
  service_tier: true,
  image: true,
  prompt_cache_key: true,
  prompt_cache_options: true,
  prompt_cache_retention: true,
});

/** Checks the token limit, only if token limits are enforced. */
export const limitSchema = z.object({ max_output_tokens: tokenLimit });

export const webSearchToolSchema = z.object({
  search_context_size: contextSizeSchema,
  external_web_access: flag,
  search_content_types: textList,
  user_location: placeSchema.extend({ type: z.literal('approximate').nullish() }).nullish(),
  filters: z.object({ allowed_domains: z.array(z.string()).nullish() }).nullish(),
});
