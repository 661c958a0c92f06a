import { isJsonObject, type JsonObject } from '../base/json.ts';
import type { JsonPath } from '../base/json-path.ts';
import { subschemaAt, subschemasOf, walk } from './subschemas.ts';

/** Maximum number of schemas that may apply to one value through each other. */
const MAX_STEPS = 32;

/** Keywords whose schemas apply to the same value as the schema around them. */
const IN_PLACE: ReadonlySet<unknown> = new Set(
  'allOf anyOf oneOf not if then else dependencies dependentSchemas'.split(' '),
);

/**
 * Returns the steps of a `$ref` such as `#/$defs/a~1b`; undefined unless it points into the same document.
 */
export function stepsOf(reference: unknown): readonly string[] | undefined {
  if (typeof reference !== 'string' || !/^#(?:\/|$)/.test(reference)) return undefined;
  try {
    const [, ...steps] = decodeURIComponent(reference).split('/');
    return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  } catch {
    return undefined;
  }
}

/** Returns the schema to which a `$ref` leads; undefined if there is none. */
export function referenceTarget(root: unknown, reference: unknown): JsonObject | boolean | undefined {
  let rest = stepsOf(reference);
  let schema = root;
  while (rest !== undefined && rest.length > 0) {
    const found = isJsonObject(schema) ? subschemaAt(schema, rest) : undefined;
    schema = found?.schema;
    rest = found && rest.slice(found.path.length);
  }
  return rest !== undefined && (isJsonObject(schema) || typeof schema === 'boolean') ? schema : undefined;
}

/**
 * Returns the path of a `$ref` by which a schema applies to the same value endlessly, or through too many
 * schemas.
 */
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

/** Returns the object schemas that apply to the same value; `true` and `false` lead no further. */
function nextOf(schema: JsonObject, root: unknown): JsonObject[] {
  const below = [...subschemasOf(schema)].filter(({ path }) => IN_PLACE.has(path[0]));
  return [referenceTarget(root, schema.$ref), ...below.map((place) => place.schema)].filter(isJsonObject);
}
