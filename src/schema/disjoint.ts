import { isJsonObject, type JsonObject } from '../base/json.ts';
import { typesOf, valuesOf } from './types.ts';

/** Maximum number of branches, since each is compared with every other one. */
const MAX_BRANCHES = 100;

/** Properties that distinguish values of one schema from those of another. */
interface Discriminators {
  /** Empty if any type is allowed; `integer` counts as `number`. */
  readonly types: ReadonlySet<string>;
  /** Undefined if values other than scalars are allowed, or the values are not enumerated. */
  readonly scalars: ReadonlySet<unknown> | undefined;
  /** Allowed scalars of each required property that enumerates them. */
  readonly tags: ReadonlyMap<string, ReadonlySet<unknown>>;
}

/** Used for the schemas `true` and `false`. */
const NO_DISCRIMINATORS: Discriminators = { types: new Set(), scalars: undefined, tags: new Map() };

/**
 * Creates a function that returns true if types, values and tags prove that no object or scalar fits two of
 * the branches. `resolve` follows `$ref`s.
 */
export function createAreDisjoint(
  resolve: (schema: unknown) => unknown,
): (branches: readonly unknown[]) => boolean {
  // Schemas and pairs are cached, because many unions may have the same branches.
  const marks = new Map<unknown, Discriminators>();
  const compared = new Map<Discriminators, Map<Discriminators, boolean>>();
  const marksOf = (schema: unknown): Discriminators => {
    const known =
      marks.get(schema) ?? (isJsonObject(schema) ? readDiscriminators(schema) : NO_DISCRIMINATORS);
    marks.set(schema, known);
    return known;
  };
  const compare = (first: Discriminators, second: Discriminators): boolean => {
    const answers = compared.get(first) ?? new Map<Discriminators, boolean>();
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

function readDiscriminators(schema: JsonObject): Discriminators {
  const types = typesOf(schema).map((type) => (type === 'integer' ? 'number' : type));
  return { types: new Set(types), scalars: scalarsOf(schema), tags: tagsOf(schema) };
}

function excludeEachOther(first: Discriminators, second: Discriminators): boolean {
  const shareNoType =
    first.types.size > 0 && second.types.size > 0 && shareNothing(first.types, second.types);
  return shareNoType || shareNothing(first.scalars, second.scalars) || haveDifferentTags(first, second);
}

function haveDifferentTags(first: Discriminators, second: Discriminators): boolean {
  return [...first.tags].some(([name, scalars]) => shareNothing(scalars, second.tags.get(name)));
}

function shareNothing(
  first: ReadonlySet<unknown> | undefined,
  second: ReadonlySet<unknown> | undefined,
): boolean {
  return first !== undefined && second !== undefined && first.isDisjointFrom(second);
}

function tagsOf({ properties, required }: JsonObject): Discriminators['tags'] {
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
