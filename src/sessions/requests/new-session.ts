import { z } from 'zod';
import { decodeRequest, isShortJson, optionalWord } from './decode-request.ts';
import { MAX_PATH_CHARACTERS, modelField, providerFields, providerShape } from './provider-fields.ts';

/** Maximum characters of a context as JSON, since every snapshot of its session has it. */
const MAX_CONTEXT_CHARACTERS = 262_144;

/** Facts that the host application tells of itself. PHP writes an empty object as an empty list. */
export const contextField = z
  .preprocess(
    (value) => (Array.isArray(value) && value.length === 0 ? {} : value),
    z.record(z.string(), z.unknown()).nullish(),
  )
  .refine(
    (context) => isShortJson(context ?? {}, MAX_CONTEXT_CHARACTERS),
    `expected at most ${MAX_CONTEXT_CHARACTERS} characters of JSON in 100 levels`,
  );

/** Returns the schema of a text that cannot be empty: a client that sends an empty one has lost what it means. */
function presentText(maxCharacters: number) {
  return z.string().trim().min(1).max(maxCharacters).nullish();
}

/** Schema of the body of `POST /chat/sessions`. */
export const newSessionSchema = z.object({
  ...providerShape,
  mode: optionalWord(['workspace', 'entity']),
  context: contextField,
  workspace_root: presentText(MAX_PATH_CHARACTERS),
  review: optionalWord(['edits', 'commands', 'none']),
  sandbox: optionalWord(['workspace-write', 'read-only']),
  tools: z.boolean('expected true or false').nullish(),
  model: modelField,
  thread_id: z
    .string()
    .trim()
    .pipe(z.guid({ error: 'expected the id of a thread' }))
    .nullish(),
});

/** Decodes the body of `POST /chat/sessions`. */
export function decodeNewSession(body: unknown) {
  const { mode, context, review, sandbox, tools, model, ...rest } = decodeRequest(newSessionSchema, body);
  return {
    provider: providerFields(rest),
    workspace: rest.workspace_root ?? undefined,
    threadId: rest.thread_id ?? undefined,
    mode: mode ?? 'workspace',
    context: context ?? {},
    review: review ?? 'edits',
    sandbox: sandbox ?? 'workspace-write',
    tools: tools ?? false,
    model,
  };
}
