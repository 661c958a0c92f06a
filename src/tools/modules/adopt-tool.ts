import { z } from 'zod';
import { describeIssue } from '../../base/describe-issue.ts';
import { excerpt } from '../../base/excerpt.ts';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { redactArguments } from '../audit/redact-arguments.ts';
import { notAllowed } from '../refusals.ts';
import type { AnyTool } from '../tool.ts';

/** Arguments of a module that exports a function, so that it needs no packages of its own. */
const KIT = { z, notAllowed };

/** An object schema of zod 4, of this or another copy of it. */
const objectSchema = z.custom<z.ZodObject>(
  (value) =>
    (value as Partial<z.ZodObject> | undefined)?._zod?.def?.type === 'object' &&
    isJsonObject((value as z.ZodObject).shape),
  'expected an object schema of zod 4',
);

const callable = z.custom<(...values: unknown[]) => unknown>(
  (value) => typeof value === 'function',
  'expected a function',
);

/** The Model Context Protocol's own defaults. */
const annotations = z
  .strictObject({
    readOnlyHint: z.boolean().default(false),
    destructiveHint: z.boolean().default(true),
    idempotentHint: z.boolean().default(false),
    openWorldHint: z.boolean().default(true),
  })
  .prefault({});

const toolShape = z.strictObject({
  name: z
    .string()
    .max(60)
    .regex(/^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+$/, "expected a name such as 'team.action'"),
  title: z.string().min(1).max(200).optional(),
  description: z.string().min(1).max(4_000),
  path: z
    .string()
    .max(200)
    .regex(/^(?:\/[a-z0-9][a-z0-9-]*)+$/, "expected a path such as '/team/action'")
    .optional(),
  annotations,
  gate: z.looseObject({ ask: callable.optional() }).optional(),
  input: objectSchema,
  output: objectSchema,
  example: z.strictObject({ input: z.looseObject({}), output: z.looseObject({}) }).optional(),
  check: callable.optional(),
  run: callable,
});

/**
 * Makes a tool of what a module exports: a description of the tool, or a function that returns one. Throws an error that says what
 * is wrong with it.
 */
export async function adoptTool(exported: unknown): Promise<AnyTool> {
  const made: unknown = typeof exported === 'function' ? await exported(KIT) : exported;
  if (made === undefined) throw new Error('it has no default export');
  const result = toolShape.safeParse(made);
  if (!result.success) {
    const { param, problem } = describeIssue(result.error.issues[0]!);
    throw new Error(param === '' ? `its default export is not a tool: ${problem}` : `'${param}': ${problem}`);
  }
  return completeTool(made as object, result.data);
}

function completeTool(made: object, shape: z.output<typeof toolShape>): AnyTool {
  const { name, title = name, path = defaultPath(name), gate: given, check, run, example, ...rest } = shape;
  const { readOnlyHint } = rest.annotations;
  checkInput(rest.input, readOnlyHint);
  if (jsonSchemaOf('output', rest.output).type !== 'object') throw new Error("'output' is not an object");
  return {
    ...rest,
    name,
    title,
    path,
    ...(example && { example }),
    // Their `this` is the object of the module.
    ...(check && { check: async (input) => void (await check.call(made, input)) }),
    run: async (input, context) => (await run.call(made, input, context)) as JsonObject,
    ...(!readOnlyHint && { gate: createGate(name, given) }),
  };
}

function createGate(name: string, given: z.output<typeof toolShape>['gate']): NonNullable<AnyTool['gate']> {
  const ask = given?.ask ?? ((input) => describeInput(name, input as JsonObject));
  return {
    isDryRun: ({ dry_run: dryRun }: JsonObject) => dryRun !== false,
    isConfirmed: ({ confirm }: JsonObject) => confirm === true,
    ask: (input: JsonObject) => String(ask.call(given, input)),
  };
}

/** Throws for an input that lets unknown fields through, or lacks the fields of a tool that changes something. */
function checkInput(input: z.ZodObject, isReadOnly: boolean): void {
  const { additionalProperties, properties } = jsonSchemaOf('input', input);
  if (additionalProperties !== false)
    throw new Error("'input' lets unknown fields through; use z.strictObject");
  const fields: JsonObject = isJsonObject(properties) ? properties : {};
  if (Object.hasOwn(fields, 'idempotency_key')) {
    throw new Error("'input' may not have the field idempotency_key, which the gateway itself reads");
  }
  if (isReadOnly) return;
  for (const [field, standard] of [
    ['dry_run', true],
    ['confirm', false],
  ] as const) {
    const { type, default: given } = (fields[field] ?? {}) as JsonObject;
    if (type === 'boolean' && given === standard) continue;
    throw new Error(
      `'input' needs the field ${field}: z.boolean().default(${standard}), since the tool is not read-only (annotations.readOnlyHint)`,
    );
  }
}

function jsonSchemaOf(field: 'input' | 'output', schema: z.ZodObject): JsonObject {
  try {
    return z.toJSONSchema(schema, { io: field });
  } catch (cause) {
    throw new Error(`'${field}' cannot be described as JSON Schema`, { cause });
  }
}

function defaultPath(name: string): string {
  return `/${name.replaceAll('.', '/').replaceAll('_', '-')}`;
}

function describeInput(name: string, input: JsonObject): string {
  const { dry_run: _dryRun, confirm: _confirm, ...rest } = input;
  return `Run ${name} with ${excerpt(JSON.stringify(redactArguments(rest)), 500)}?`;
}
