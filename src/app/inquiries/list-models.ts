import { z } from 'zod';
import type { Model } from '../../conversation/model.ts';
import { encodeModel } from '../../openai/models/models.ts';
import { inquire, type InquiryOptions } from './inquire.ts';

/** The fields that are read here; the others are passed on. */
const modelSchema = z.looseObject({
  id: z.string(),
  context_length: z.number().nullish(),
  reasoning_efforts: z.array(z.string()).default([]),
  default_reasoning_effort: z.string().nullish(),
  is_default: z.boolean().default(false),
  hidden: z.boolean().default(false),
  alias_of: z.string().optional(),
});

export const listSchema = z.object({ data: z.array(modelSchema) });

export type ListedModel = z.output<typeof modelSchema>;

/** Returns a model in the form of `GET /v1/models`. */
export function showModel(model: Model): ListedModel {
  return modelSchema.parse(encodeModel(model));
}

/** Lists every model that can be requested. */
export async function listConfiguredModels(options: InquiryOptions): Promise<ListedModel[]> {
  const { signal } = options;
  const { data } = await inquire(
    {
      path: '/v1/models?hidden=true',
      schema: listSchema,
      answer: async ({ backend }) => ({ data: (await backend.models(signal)).map(showModel) }),
    },
    options,
  );
  return data;
}

/** Returns the id of the default model; undefined if it cannot be found. */
export async function findDefaultModel(options: InquiryOptions): Promise<string | undefined> {
  try {
    return (await listConfiguredModels(options)).find((model) => model.is_default)?.id;
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof Error) return undefined;
    throw error;
  }
}
