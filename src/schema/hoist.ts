import { isJsonObject, type JsonObject } from '../base/json.ts';
import { stepsOf, targetOf } from './references.ts';
import { mapSubschemas, walk } from './subschemas.ts';

/** A schema whose references all lead to `#/$defs/NAME` of its definitions, so that it can be moved. */
export interface Hoisted {
  readonly schema: JsonObject;
  /** What is referred to, by names of letters, digits, `_`, `-` and `.`; each refers to the others alike. */
  readonly definitions: ReadonlyMap<string, unknown>;
}

/** They belong to the document that the schema was, or hold what has been hoisted. */
const OF_DOCUMENT: readonly string[] = ['$schema', '$id', '$defs', 'definitions'];

/**
 * Takes out of a checked schema whatever it refers to, and leaves references there: no schema is said twice, however they
 * lie in each other. With a prefix, which the names of the definitions get, the schema is to become a part of another
 * one; without, it stays the root, and `#` still means it.
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
    const kept = Object.entries(schema).filter(([keyword]) => !OF_DOCUMENT.includes(keyword));
    const copied = mapSubschemas(Object.fromEntries(kept), rewrite);
    return schema.$ref === undefined ? copied : { ...copied, ...referTo(targetOf(root, schema.$ref)) };
  };

  const rewrite = (schema: unknown): unknown =>
    isJsonObject(schema) && names.has(schema) ? referTo(schema) : copy(schema);

  const schema = (prefix === '' ? copy(root) : rewrite(root)) as JsonObject;
  const definitions = new Map<string, unknown>();
  // The map grows while it is gone through: a definition can be the first to refer to another one.
  for (const [name, target] of used) definitions.set(name, copy(target));
  return { schema, definitions };
}

/** A name for every schema that is referred to. All that are `true` share one, and all that are `false`. */
function nameTargets(root: JsonObject, prefix: string): ReadonlyMap<unknown, string> {
  const names = new Map<unknown, string>();
  const findName = createNames();
  for (const { schema } of walk(root)) {
    if (!isJsonObject(schema) || schema.$ref === undefined) continue;
    const target = targetOf(root, schema.$ref);
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

/** Tells a name that is not taken yet. It counts on where it stopped: thousands may want the same one. */
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
