import { z } from 'zod';

/** A model that clients can ask for. */
const listedModelSchema = z.object({
  id: z.string(),
  /** The model that answers in its place; null for one that answers itself. */
  alias_of: z.string().nullable(),
  owned_by: z.string(),
  is_default: z.boolean(),
  /** True if model lists leave it out. */
  is_hidden: z.boolean(),
  /** Tokens of prompt and answer together; null if unknown. */
  context_length: z.number().nullable(),
  /** Null if unknown, like the service tiers. */
  reasoning_efforts: z.array(z.string()).nullable(),
  /** The effort of requests that name none; null if unknown. */
  default_reasoning_effort: z.string().nullable(),
  service_tiers: z.array(z.string()).nullable(),
  input_modalities: z.array(z.string()),
  web_search: z.boolean(),
});

/** Answer of `GET /console/models`. */
export const modelListSchema = z.object({
  models: z.array(listedModelSchema),
});

export type ConsoleModel = z.output<typeof listedModelSchema>;

export type ConsoleModelList = z.output<typeof modelListSchema>;
