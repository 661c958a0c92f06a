import { z } from 'zod';
import { configFileStateSchema } from './config-file.ts';

/** A model that clients can ask for. */
const consoleModelSchema = z.object({
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

const setting = z.string().min(1).nullable().default(null);

/** An entry of `models` in the config file; null stands for a key that it does not have. */
const modelEntrySchema = z.strictObject({
  id: z.string().min(1),
  model: setting,
  reasoning_effort: setting,
  verbosity: setting,
  service_tier: setting,
  system: setting,
});

/** An entry with what it is good for at the moment. */
const ownModelSchema = modelEntrySchema.extend({
  /** `restart`: from the next start on. `no_model`: neither OpenAI nor Copilot lists its model now. */
  state: z.enum(['in_force', 'restart', 'no_model']),
});

/** Answer of `GET /console/models`. */
export const modelListSchema = z.object({
  models: z.array(consoleModelSchema),
  /** The entries of the config file, in their order. */
  own: z.array(ownModelSchema),
  /** Id of the provider. */
  provider: z.string(),
  /** True if no models but those in the config file are served, since Codex has no list of the provider's. */
  is_complete: z.boolean(),
  file: configFileStateSchema,
});

/** Body of `POST /console/models`: adds, changes or removes an entry of the config file. */
export const modelChangeSchema = z.strictObject({
  /** Version of the config file. */
  version: z.string(),
  /** Id of the entry that is changed or removed; null adds one. */
  replaces: z.string().nullable().default(null),
  /** Null removes it. */
  entry: modelEntrySchema.nullable().default(null),
});

export type ConsoleModel = z.output<typeof consoleModelSchema>;

export type ModelEntry = z.output<typeof modelEntrySchema>;

export type OwnModel = z.output<typeof ownModelSchema>;

export type ConsoleModelList = z.output<typeof modelListSchema>;

export type ModelChange = z.output<typeof modelChangeSchema>;
