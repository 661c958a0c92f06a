import { isJsonObject, type JsonObject } from '../base/json.ts';
import type { JsonPath } from '../base/json-path.ts';
import { subschemaAt, subschemasOf, walk } from './subschemas.ts';

/** How many schemas a value may have to pass, one for the other, before a part of it is looked at. */
const MAX_STEPS = 32;

/** Keywords whose schemas are about the same value. */
const IN_PLACE: ReadonlySet<unknown> = new Set(
  'allOf anyOf oneOf not if then else dependencies dependentSchemas'.split(' '),
);

/** The steps of a `$ref`, such as `#/$defs/a~1b`; undefined where it is no pointer into the same document. */
export function stepsOf(reference: unknown): readonly string[] | undefined {
  if (typeof reference !== 'string' || !/^#(?:\/|$)/.test(reference)) return undefined;
  try {
    const [, ...steps] = decodeURIComponent(reference).split('/');
    return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  } catch {
    return undefined;
  }
}

/** The schema that a `$ref` in a document leads to; undefined where it leads to none. */
export function targetOf(root: unknown, reference: unknown): JsonObject | boolean | undefined {
  let rest = stepsOf(reference);
  let schema = root;
  while (rest !== undefined && rest.length > 0) {
    const found = isJsonObject(schema) ? subschemaAt(schema, rest) : undefined;
    schema = found?.schema;
    rest = found && rest.slice(found.path.length);
  }
  return rest !== undefined && (isJsonObject(schema) || typeof schema === 'boolean') ? schema : undefined;
}

/** The path of a `$ref` from which a value passes from schema to schema without end, or nearly so. */
export function findReferenceLoop(root: unknown): JsonPath | undefined {
  let open = Array.from(walk(root), ({ path, schema }) => ({
    path,
    schema,
    next: isJsonObject(schema) ? nextOf(schema, root) : [],
  }));
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const schemas = new Set(open.map(({ schema }) => schema));
    open = open.filter(({ next }) => next.some((schema) => schemas.has(schema)));
    if (open.length === 0) return undefined;
  }
  return open.find(({ schema }) => isJsonObject(schema) && schema.$ref !== undefined)?.path ?? open[0]?.path;
}

/** The schemas to which a value passes from one; those that are only `true` or `false` lead nowhere. */
function nextOf(schema: JsonObject, root: unknown): JsonObject[] {
  const below = [...subschemasOf(schema)].filter(({ path }) => IN_PLACE.has(path[0]));
  return [targetOf(root, schema.$ref), ...below.map((place) => place.schema)].filter(isJsonObject);
}
