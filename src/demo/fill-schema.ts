import { isJsonObject, type JsonObject } from '../base/json.ts';
import { targetOf } from '../schema/references.ts';
import { fillNumber } from './fill-number.ts';
import { fillText } from './fill-text.ts';
import { withToldKeywords } from './told-keywords.ts';

/** Schemas that are looked at for one value; a few references can stand for millions. */
const MAX_STEPS = 10_000;

/** A schema that no finite value follows, or that would be filled inside itself. */
class Endless extends Error {}

/** A place in the value that is being made. */
interface Place {
  /** The key that leads here, for a text that speaks of it. */
  readonly name: string;
  /** The place among the items of an array, which differ. */
  readonly index: number;
  /** Definitions that are being filled. */
  readonly within: readonly unknown[];
}

type Fill = (schema: unknown, place: Place) => unknown;

/**
 * Makes a plausible value for a JSON Schema: with its enums, constants, bounds, lengths and formats, and every property.
 * What is recursive ends as soon as the schema allows.
 */
export function fillSchema(root: JsonObject): unknown {
  let steps = 0;
  const fill: Fill = (schema, place) => {
    steps += 1;
    if (schema === false || steps > MAX_STEPS) throw new Endless();
    if (!isJsonObject(schema)) return fillText({}, place);
    if (schema.$ref !== undefined) return fillReference(schema, place);
    if (Array.isArray(schema.allOf)) return fillAll(schema, schema.allOf, place);
    const choices = schema.anyOf ?? schema.oneOf;
    if (Array.isArray(choices)) return fillFirst(schema, choices, place);
    return fillPlain(withToldKeywords(schema), place, fill);
  };

  function fillReference({ $ref, ...beside }: JsonObject, place: Place): unknown {
    const target = targetOf(root, $ref);
    if (target === undefined || place.within.includes(target)) throw new Endless();
    const schema = isJsonObject(target) ? merge(beside, target) : target;
    return fill(schema, { ...place, within: [...place.within, target] });
  }

  function fillAll(schema: JsonObject, all: readonly unknown[], place: Place): unknown {
    const { allOf: _all, ...beside } = schema;
    const targets = all.map((one) => (isJsonObject(one) && '$ref' in one ? targetOf(root, one.$ref) : one));
    const within = [...place.within, ...targets.filter((target) => !all.includes(target))];
    if (new Set(within).size < within.length) throw new Endless();
    return fill(targets.filter(isJsonObject).reduce(merge, beside), { ...place, within });
  }

  function fillFirst(schema: JsonObject, choices: readonly unknown[], place: Place): unknown {
    const { anyOf: _any, oneOf: _one, ...beside } = schema;
    for (const choice of choices) {
      const value = attempt(() => fill(isJsonObject(choice) ? merge(beside, choice) : choice, place));
      if (value !== undefined) return value;
    }
    throw new Endless();
  }

  return attempt(() => fill(root, { name: '', index: 0, within: [root] })) ?? {};
}

/** Returns undefined if there is no end to the value. */
function attempt(make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    if (error instanceof Endless) return undefined;
    throw error;
  }
}

function merge(one: JsonObject, other: JsonObject): JsonObject {
  const properties = { ...toObject(one.properties), ...toObject(other.properties) };
  const required = [...toList(one.required), ...toList(other.required)];
  return {
    ...one,
    ...other,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  };
}

/** Fills a schema that is a type and what narrows it. */
function fillPlain(schema: JsonObject, place: Place, fill: Fill): unknown {
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum) && schema.enum.length > 0)
    return schema.enum[place.index % schema.enum.length];
  if ('default' in schema && place.index === 0) return schema.default;
  switch (typeOf(schema)) {
    case 'object':
      return fillObject(schema, place, fill);
    case 'array':
      return fillArray(schema, place, fill);
    case 'integer':
      return fillNumber(schema, place.index, 1);
    case 'number':
      return fillNumber(schema, place.index);
    case 'boolean':
      return place.index % 2 === 0;
    case 'null':
      return null;
    default:
      return fillText(schema, place);
  }
}

function typeOf({ type, properties, items }: JsonObject): unknown {
  if (Array.isArray(type)) return type.find((one) => one !== 'null') ?? 'null';
  return type ?? (properties ? 'object' : items ? 'array' : 'string');
}

/** A property that need not be there is left out if it has no end. */
function fillObject(schema: JsonObject, place: Place, fill: Fill): JsonObject {
  const properties = toObject(schema.properties);
  const required = toList(schema.required).map(String);
  const object = new Map<string, unknown>();
  for (const name of new Set([...Object.keys(properties), ...required])) {
    const inside = () => fill(properties[name] ?? otherProperty(schema), { ...place, name, index: 0 });
    const value = required.includes(name) ? inside() : attempt(inside);
    if (value !== undefined) object.set(name, value);
  }
  for (let count = 1; object.size < numberOr(schema.minProperties, 0); count += 1) {
    const name = `key${count}`;
    if (!object.has(name)) object.set(name, fill(otherProperty(schema), { ...place, name, index: count }));
  }
  return Object.fromEntries(object);
}

function otherProperty({ additionalProperties = true }: JsonObject): unknown {
  return additionalProperties;
}

/** Makes one item, or as many as there must be; none if an item has no end. */
function fillArray(schema: JsonObject, place: Place, fill: Fill): unknown[] {
  const first = toList(schema.prefixItems);
  const rest = schema.items ?? true;
  const least = numberOr(schema.minItems, 0);
  const most = Math.min(numberOr(schema.maxItems, Infinity), rest === false ? first.length : Infinity);
  const length = Math.min(Math.max(least, first.length, 1), most);
  const name = place.name.replace(/s$/, '');
  const items: unknown[] = [];
  for (let index = 0; index < length; index += 1) {
    const inside = () => fill(first[index] ?? rest, { ...place, name, index });
    const item = index < least ? inside() : attempt(inside);
    if (item === undefined) break;
    items.push(item);
  }
  return items;
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function toObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
