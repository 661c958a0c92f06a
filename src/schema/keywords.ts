import { isJsonObject } from '../base/json.ts';

const TYPES: readonly string[] = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

type Test = (value: unknown) => boolean;

interface Rule {
  readonly isMet: Test;
  /** What the value of the keyword has to be. */
  readonly what: string;
}

const isNumber: Test = (value) => typeof value === 'number';
const isCount: Test = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isNames: Test = (value) => isListOf(value, (name) => typeof name === 'string') && isSet(value);

const rules = {
  string: { isMet: (value) => typeof value === 'string', what: 'a string' },
  boolean: { isMet: (value) => typeof value === 'boolean', what: 'a boolean' },
  number: { isMet: isNumber, what: 'a number' },
  positive: { isMet: (value) => isNumber(value) && (value as number) > 0, what: 'a number above 0' },
  count: { isMet: isCount, what: 'a non-negative integer' },
  list: { isMet: Array.isArray, what: 'an array' },
  names: { isMet: isNames, what: 'an array of different strings' },
  namesByName: {
    isMet: (value) => isJsonObject(value) && Object.values(value).every(isNames),
    what: 'an object of arrays of different strings',
  },
  values: { isMet: (value) => Array.isArray(value) && value.length > 0, what: 'a non-empty array' },
  schemas: {
    isMet: (value) => Array.isArray(value) && value.length > 0,
    what: 'a non-empty array of schemas',
  },
  schemasByName: { isMet: isJsonObject, what: 'an object of schemas' },
  type: { isMet: isType, what: `one of ${TYPES.map((type) => `'${type}'`).join(', ')}, or an array of them` },
} as const satisfies Record<string, Rule>;

const keywords: Readonly<Record<string, Rule>> = {
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

const RULES: ReadonlyMap<string, Rule> = new Map(Object.entries(keywords));

/** Returns the reason why a keyword cannot have this value; undefined where it can, or where it is not JSON Schema's. */
export function whyMalformed(keyword: string, value: unknown): string | undefined {
  const rule = RULES.get(keyword);
  return rule === undefined || value === null || rule.isMet(value)
    ? undefined
    : `'${keyword}' must be ${rule.what}.`;
}

/** True for a keyword of JSON Schema whose value cannot be null: some languages write an absent list so. */
export const isNullKeyword = (keyword: string, value: unknown): boolean =>
  value === null && RULES.has(keyword);

function isType(value: unknown): boolean {
  const isName: Test = (type) => TYPES.includes(type as string);
  return isName(value) || (isListOf(value, isName) && isSet(value) && value.length > 0);
}

function isListOf(value: unknown, isMember: Test): value is unknown[] {
  return Array.isArray(value) && value.every(isMember);
}

function isSet(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length;
}
