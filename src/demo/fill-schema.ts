import { isJsonObject, type JsonObject } from '../base/json.ts';
import { referenceTarget } from '../schema/references.ts';
import { fillNumber } from './fill-number.ts';
import { fillText } from './fill-text.ts';
import { withDescribedKeywords } from './described-keywords.ts';

/** Maximum number of schemas for one value; a few references can expand to millions. */
const MAX_STEPS = 10_000;

/** Thrown for a schema without a finite value, and for one that would contain itself. */
class EndlessSchemaError extends Error {}

/** A position in the value that is being made. */
interface Position {
  /** Key of the position, for the text of a string. */
  readonly name: string;
  /** Index in an array, so that its items differ. */
  readonly index: number;
  /** Definitions around the position. */
  readonly within: readonly unknown[];
}

type FillSchema = (schema: unknown, position: Position) => unknown;

/**
 * Makes a plausible value for a JSON Schema with all its properties, observing enums, constants, bounds,
 * lengths and formats. A recursive schema ends as early as it allows.
 */
export function fillSchema(root: JsonObject): unknown {
  let steps = 0;
  const fill: FillSchema = (schema, position) => {
    steps += 1;
    if (schema === false || steps > MAX_STEPS) throw new EndlessSchemaError();
    if (!isJsonObject(schema)) return fillText({}, position);
    if (schema.$ref !== undefined) return fillReference(schema, position);
    if (Array.isArray(schema.allOf)) return fillAll(schema, schema.allOf, position);
    const choices = schema.anyOf ?? schema.oneOf;
    if (Array.isArray(choices)) return fillFirst(schema, choices, position);
    return fillPlain(withDescribedKeywords(schema), position, fill);
  };

  function fillReference({ $ref, ...beside }: JsonObject, position: Position): unknown {
    const target = referenceTarget(root, $ref);
    if (target === undefined || position.within.includes(target)) throw new EndlessSchemaError();
    const schema = isJsonObject(target) ? merge(beside, target) : target;
    return fill(schema, { ...position, within: [...position.within, target] });
  }

  function fillAll(schema: JsonObject, all: readonly unknown[], position: Position): unknown {
    const { allOf: _all, ...beside } = schema;
    const targets = all.map((one) =>
      isJsonObject(one) && '$ref' in one ? referenceTarget(root, one.$ref) : one,
    );
    const within = [...position.within, ...targets.filter((target) => !all.includes(target))];
    if (new Set(within).size < within.length) throw new EndlessSchemaError();
    return fill(targets.filter(isJsonObject).reduce(merge, beside), { ...position, within });
  }

  function fillFirst(schema: JsonObject, choices: readonly unknown[], position: Position): unknown {
    const { anyOf: _any, oneOf: _one, ...beside } = schema;
    for (const choice of choices) {
      const value = attempt(() => fill(isJsonObject(choice) ? merge(beside, choice) : choice, position));
      if (value !== undefined) return value;
    }
    throw new EndlessSchemaError();
  }

  return attempt(() => fill(root, { name: '', index: 0, within: [root] })) ?? {};
}

/** Returns undefined if the value would be infinite. */
function attempt(make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    if (error instanceof EndlessSchemaError) return undefined;
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

/** Fills a schema without references and unions. */
function fillPlain(schema: JsonObject, position: Position, fill: FillSchema): unknown {
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum) && schema.enum.length > 0)
    return schema.enum[position.index % schema.enum.length];
  if ('default' in schema && position.index === 0) return schema.default;
  switch (typeOf(schema)) {
    case 'object':
      return fillObject(schema, position, fill);
    case 'array':
      return fillArray(schema, position, fill);
    case 'integer':
      return fillNumber(schema, position.index, 1);
    case 'number':
      return fillNumber(schema, position.index);
    case 'boolean':
      return position.index % 2 === 0;
    case 'null':
      return null;
    default:
      return fillText(schema, position);
  }
}

function typeOf({ type, properties, items }: JsonObject): unknown {
  if (Array.isArray(type)) return type.find((one) => one !== 'null') ?? 'null';
  return type ?? (properties ? 'object' : items ? 'array' : 'string');
}

/** Fills an object, without optional properties whose value would be infinite. */
function fillObject(schema: JsonObject, position: Position, fill: FillSchema): JsonObject {
  const properties = toObject(schema.properties);
  const required = toList(schema.required).map(String);
  const object = new Map<string, unknown>();
  for (const name of new Set([...Object.keys(properties), ...required])) {
    const inside = () => fill(properties[name] ?? otherProperty(schema), { ...position, name, index: 0 });
    const value = required.includes(name) ? inside() : attempt(inside);
    if (value !== undefined) object.set(name, value);
  }
  for (let count = 1; object.size < numberOr(schema.minProperties, 0); count += 1) {
    const name = `key${count}`;
    if (!object.has(name)) object.set(name, fill(otherProperty(schema), { ...position, name, index: count }));
  }
  return Object.fromEntries(object);
}

function otherProperty({ additionalProperties = true }: JsonObject): unknown {
  return additionalProperties;
}

/** Makes one item, or as many as required; none if an item would be infinite. */
function fillArray(schema: JsonObject, position: Position, fill: FillSchema): unknown[] {
  const first = toList(schema.prefixItems);
  const rest = schema.items ?? true;
  const least = numberOr(schema.minItems, 0);
  const most = Math.min(numberOr(schema.maxItems, Infinity), rest === false ? first.length : Infinity);
  const length = Math.min(Math.max(least, first.length, 1), most);
  const name = position.name.replace(/s$/, '');
  const items: unknown[] = [];
  for (let index = 0; index < length; index += 1) {
    const inside = () => fill(first[index] ?? rest, { ...position, name, index });
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
