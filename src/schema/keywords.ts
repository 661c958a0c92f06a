import { isJsonObject } from '../base/json.ts';

const TYPES: readonly string[] = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

type Check = (value: unknown) => boolean;

interface KeywordRule {
  readonly accepts: Check;
  /** Description of an accepted value. */
  readonly expected: string;
}

const isNumber: Check = (value) => typeof value === 'number';
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isNames: Check = (value) => isListOf(value, (name) => typeof name === 'string') && isSet(value);

const rules = {
  string: { accepts: (value) => typeof value === 'string', expected: 'a string' },
  boolean: { accepts: (value) => typeof value === 'boolean', expected: 'a boolean' },
  number: { accepts: isNumber, expected: 'a number' },
  positive: { accepts: (value) => isNumber(value) && (value as number) > 0, expected: 'a number above 0' },
  count: { accepts: isCount, expected: 'a non-negative integer' },
  list: { accepts: Array.isArray, expected: 'an array' },
  names: { accepts: isNames, expected: 'an array of different strings' },
  namesByName: {
    accepts: (value) => isJsonObject(value) && Object.values(value).every(isNames),
    expected: 'an object of arrays of different strings',
  },
  values: { accepts: (value) => Array.isArray(value) && value.length > 0, expected: 'a non-empty array' },
  schemas: {
    accepts: (value) => Array.isArray(value) && value.length > 0,
    expected: 'a non-empty array of schemas',
  },
  schemasByName: { accepts: isJsonObject, expected: 'an object of schemas' },
  type: {
    accepts: isType,
    expected: `one of ${TYPES.map((type) => `'${type}'`).join(', ')}, or an array of them`,
  },
} as const satisfies Record<string, KeywordRule>;

const keywords: Readonly<Record<string, KeywordRule>> = {
  $anchor: rules.string,
  $comment: rules.string,
  $defs: rules.schemasByName,
  $id: rules.string,
  $ref: rules.string,
  $schema: rules.string,
  allOf: rules.schemas,
  anyOf: rules.schemas,
  contentEncoding: rules.string,
  contentMediaType: rules.string,
  definitions: rules.schemasByName,
  dependencies: rules.schemasByName,
  dependentRequired: rules.namesByName,
  dependentSchemas: rules.schemasByName,
  deprecated: rules.boolean,
  description: rules.string,
  enum: rules.values,
  examples: rules.list,
  exclusiveMaximum: rules.number,
  exclusiveMinimum: rules.number,
  format: rules.string,
  maxContains: rules.count,
  maxItems: rules.count,
  maxLength: rules.count,
  maxProperties: rules.count,
  maximum: rules.number,
  minContains: rules.count,
  minItems: rules.count,
  minLength: rules.count,
  minProperties: rules.count,
  minimum: rules.number,
  multipleOf: rules.positive,
  oneOf: rules.schemas,
  pattern: rules.string,
  patternProperties: rules.schemasByName,
  prefixItems: rules.schemas,
  properties: rules.schemasByName,
  readOnly: rules.boolean,
  required: rules.names,
  title: rules.string,
  type: rules.type,
  uniqueItems: rules.boolean,
  writeOnly: rules.boolean,
};

const RULES: ReadonlyMap<string, KeywordRule> = new Map(Object.entries(keywords));

/**
 * Returns the reason why a keyword cannot have this value; undefined if it can, or if the keyword is unknown.
 */
export function explainMalformed(keyword: string, value: unknown): string | undefined {
  const rule = RULES.get(keyword);
  return rule === undefined || value === null || rule.accepts(value)
    ? undefined
    : `'${keyword}' must be ${rule.expected}.`;
}

/** Returns true for a known keyword whose value is null, which is how some languages write an absent one. */
export const isNullKeyword = (keyword: string, value: unknown): boolean =>
  value === null && RULES.has(keyword);

function isType(value: unknown): boolean {
  const isName: Check = (type) => TYPES.includes(type as string);
  return isName(value) || (isListOf(value, isName) && isSet(value) && value.length > 0);
}

function isListOf(value: unknown, isMember: Check): value is unknown[] {
  return Array.isArray(value) && value.every(isMember);
}

function isSet(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length;
}
