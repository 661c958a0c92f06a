import { isJsonObject, type JsonObject } from '../base/json.ts';
import { typesOf, valuesOf } from './types.ts';

/** Each schema is compared with each other one. */
const MAX_BRANCHES = 100;

/** What tells the instances of a schema from those of another one. */
interface Marks {
  /** None where any type will do; `integer` is `number`. */
  readonly types: ReadonlySet<string>;
  /** Undefined where others than scalars are allowed, or more than can be counted. */
  readonly scalars: ReadonlySet<unknown> | undefined;
  /** The scalars of the properties that must be there. */
  readonly tags: ReadonlyMap<string, ReadonlySet<unknown>>;
}

/** Nothing can be told of `true` and `false`. */
const NO_MARKS: Marks = { types: new Set(), scalars: undefined, tags: new Map() };

/**
 * Tells of the schemas of a document whether no object or scalar fits two of them, as far as that can be told by types,
 * values and tags; `resolve` follows `$ref`s.
 */
export function createAreDisjoint(
  resolve: (schema: unknown) => unknown,
): (branches: readonly unknown[]) => boolean {
  // Each schema is looked at once, and each two: many unions may have the same ones.
  const marks = new Map<unknown, Marks>();
  const compared = new Map<Marks, Map<Marks, boolean>>();
  const marksOf = (schema: unknown): Marks => {
    const known = marks.get(schema) ?? (isJsonObject(schema) ? look(schema) : NO_MARKS);
    marks.set(schema, known);
    return known;
  };
  const compare = (first: Marks, second: Marks): boolean => {
    const answers = compared.get(first) ?? new Map<Marks, boolean>();
    compared.set(first, answers);
    const answer = answers.get(second) ?? excludeEachOther(first, second);
    answers.set(second, answer);
    return answer;
  };
  return (branches) => {
    if (branches.length > MAX_BRANCHES) return false;
    const all = branches.map((branch) => marksOf(resolve(branch)));
    return all.every((first, index) => all.slice(index + 1).every((second) => compare(first, second)));
  };
}

function look(schema: JsonObject): Marks {
  const types = typesOf(schema).map((type) => (type === 'integer' ? 'number' : type));
  return { types: new Set(types), scalars: scalarsOf(schema), tags: tagsOf(schema) };
}

function excludeEachOther(first: Marks, second: Marks): boolean {
  const shareNoType =
    first.types.size > 0 && second.types.size > 0 && shareNothing(first.types, second.types);
  return shareNoType || shareNothing(first.scalars, second.scalars) || haveDifferentTags(first, second);
}

function haveDifferentTags(first: Marks, second: Marks): boolean {
  return [...first.tags].some(([name, scalars]) => shareNothing(scalars, second.tags.get(name)));
}

function shareNothing(
  first: ReadonlySet<unknown> | undefined,
  second: ReadonlySet<unknown> | undefined,
): boolean {
  return first !== undefined && second !== undefined && first.isDisjointFrom(second);
}

function tagsOf({ properties, required }: JsonObject): Marks['tags'] {
  const tags = new Map<string, ReadonlySet<unknown>>();
  if (!isJsonObject(properties) || !Array.isArray(required)) return tags;
  const names = new Set<unknown>(required);
  for (const [name, schema] of Object.entries(properties)) {
    const scalars = names.has(name) && isJsonObject(schema) ? scalarsOf(schema) : undefined;
    if (scalars) tags.set(name, scalars);
  }
  return tags;
}

function scalarsOf(schema: JsonObject): ReadonlySet<unknown> | undefined {
  const values = valuesOf(schema);
  return values?.every((value) => typeof value !== 'object' || value === null) ? new Set(values) : undefined;
}
