import { z } from 'zod';

/** The name of a tool or of a schema, as OpenAI lets it be. */
export const nameSchema = z
  .string()
  .regex(/^[\w-]{1,64}$/, { error: "expected a name of 1 to 64 of a-z, A-Z, 0-9, '_' and '-'" });
