import { z } from 'zod';

/** Defaults of a turn, for options that the request omits. */
export const turnDefaults = {
  reasoningEffort: z.string().min(1).optional(),
  verbosity: z.enum(['low', 'medium', 'high']).optional(),
  serviceTier: z.enum(['flex', 'priority']).optional(),
  system: z.string().min(1).optional(),
};

/** Schema of `models`. */
export const modelsSchema = z
  .array(z.strictObject({ id: z.string().min(1), model: z.string().min(1).optional(), ...turnDefaults }))
  .superRefine((models, context) => {
    const message = findClash(models);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .refine((models) => models.every(({ id, model }) => id !== '*' || model !== undefined), {
    error: "the entry with the id '*' serves every other id and needs a 'model'",
  })
  .default([]);

interface ModelEntry {
  readonly id: string;
  readonly model?: string | undefined;
}

/** Returns the first conflict between the entries of a list of models. */
function findClash(models: readonly ModelEntry[]): string | undefined {
  const twice = models.find(({ id }, index) => models.findIndex((other) => other.id === id) < index);
  if (twice) return `two entries have the id '${twice.id}'`;
  const alias = models.find((entry) => models.some((other) => isAliasOf(entry, other)));
  if (alias === undefined) return undefined;
  return `'${alias.id}' points to '${alias.model}', which is itself an alias; name the real model`;
}

/** Returns true for an alias of an alias, which would not be followed. */
function isAliasOf({ id, model = id }: ModelEntry, other: ModelEntry): boolean {
  return model !== id && model === other.id && other.model !== undefined && other.model !== other.id;
}
