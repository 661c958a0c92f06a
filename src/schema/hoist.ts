import { isJsonObject, type JsonObject } from '../base/json.ts';
import { stepsOf, referenceTarget } from './references.ts';
import { mapSubschemas, walk } from './subschemas.ts';

/** A schema whose references all lead to `#/$defs/NAME` of its definitions, so that it can be moved. */
export interface Hoisted {
  readonly schema: JsonObject;
  /**
   * Targets of the references, named with letters, digits, `_`, `-` and `.`; they refer to each other in the
   * same way.
   */
  readonly definitions: ReadonlyMap<string, unknown>;
}

/** Keywords that only make sense at the root of the original document. */
const DOCUMENT_KEYWORDS: readonly string[] = ['$schema', '$id', '$defs', 'definitions'];

/**
 * Moves every referenced schema of a checked schema into `definitions` and leaves references in its place, so
 * that no schema is repeated. A prefix is put before the names of definitions and prepares the schema to
 * become part of another one; without a prefix the schema stays a root to which `#` may refer.
 */
export function hoistDefinitions(root: JsonObject, prefix = ''): Hoisted {
  const names = nameTargets(root, prefix);
  const used = new Map<string, unknown>();

  const referTo = (target: unknown): JsonObject => {
    if (target === root && prefix === '') return { $ref: '#' };
    const name = names.get(target)!;
    used.set(name, target);
    return { $ref: `#/$defs/${name}` };
  };

  const copy = (schema: unknown): unknown => {
    if (!isJsonObject(schema)) return schema;
    const kept = Object.entries(schema).filter(([keyword]) => !DOCUMENT_KEYWORDS.includes(keyword));
    const copied = mapSubschemas(Object.fromEntries(kept), rewrite);
    return schema.$ref === undefined ? copied : { ...copied, ...referTo(referenceTarget(root, schema.$ref)) };
  };

  const rewrite = (schema: unknown): unknown =>
    isJsonObject(schema) && names.has(schema) ? referTo(schema) : copy(schema);

  const schema = (prefix === '' ? copy(root) : rewrite(root)) as JsonObject;
  const definitions = new Map<string, unknown>();
  // The map grows during the loop: a definition can be the first to refer to another one.
  for (const [name, target] of used) definitions.set(name, copy(target));
  return { schema, definitions };
}

/**
 * Returns a name for each referenced schema. All schemas `true` share one name, and so do all schemas
 * `false`.
 */
function nameTargets(root: JsonObject, prefix: string): ReadonlyMap<unknown, string> {
  const names = new Map<unknown, string>();
  const findName = createNames();
  for (const { schema } of walk(root)) {
    if (!isJsonObject(schema) || schema.$ref === undefined) continue;
    const target = referenceTarget(root, schema.$ref);
    if (!names.has(target)) names.set(target, findName(prefix + nameOf(schema.$ref)));
  }
  return names;
}

function nameOf(reference: unknown): string {
  return (
    stepsOf(reference)
      ?.at(-1)
      ?.replaceAll(/[^\w.-]/g, '_') ?? 'root'
  );
}

/**
 * Creates a function that returns unused names. Counting goes on from the last number, because thousands of
 * schemas may want the same name.
 */
function createNames(): (wanted: string) => string {
  const used = new Set<string>();
  const counts = new Map<string, number>();
  return (wanted) => {
    let name = wanted;
    let count = counts.get(wanted) ?? 1;
    for (; used.has(name); name = `${wanted}_${count}`) count += 1;
    counts.set(wanted, count);
    used.add(name);
    return name;
  };
}
