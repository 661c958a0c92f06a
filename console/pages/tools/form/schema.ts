/** A JSON Schema, as far as a form can show it. */
export interface Schema {
  readonly type?: unknown;
  readonly title?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
}

/** The control for a value: `document` is for a diff, and `json` is an editor for everything that has no better one. */
export type Control =
  | 'line'
  | 'text'
  | 'document'
  | 'number'
  | 'flag'
  | 'choice'
  | 'choices'
  | 'list'
  | 'group'
  | 'json';

/** Texts that may be longer than this get several lines. */
const LINE_CHARACTERS = 300;

/** Returns the control for the values of a schema. */
export function controlOf(schema: Schema): Control {
  if (isNames(schema.enum)) return 'choice';
  switch (schema.type) {
    case 'string':
      return controlOfText(schema);
    case 'number':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'flag';
    case 'array':
      return controlOfItems(schema.items);
    case 'object':
      return schema.properties === undefined ? 'json' : 'group';
    default:
      return 'json';
  }
}

function controlOfText({ maxLength = Infinity, description = '' }: Schema): Control {
  if (maxLength <= LINE_CHARACTERS) return 'line';
  return /\b(?:diff|patch)\b/i.test(description) ? 'document' : 'text';
}

function controlOfItems(items: Schema | undefined): Control {
  if (isNames(items?.enum)) return 'choices';
  return items?.type === 'string' || items?.type === 'number' || items?.type === 'integer' ? 'list' : 'json';
}

function isNames(values: Schema['enum']): boolean {
  return values !== undefined && values.length > 0 && values.every((value) => typeof value === 'string');
}

/** Returns the schema of a value that may also be null without that, since a form leaves such a value out. */
export function withoutNull(schema: Schema): Schema {
  const { anyOf, ...rest } = schema;
  const others = anyOf?.filter(({ type }) => type !== 'null');
  return others?.length === 1 ? { ...others[0], ...rest } : schema;
}

/** The arguments of a call. */
export type Values = Readonly<Record<string, unknown>>;

/** Returns the values with another one; an undefined one is left out. */
export function withValue(values: Values, name: string, value: unknown): Values {
  const { [name]: _old, ...others } = values;
  return value === undefined ? others : { ...values, [name]: value };
}

/** Reads a list that is written one a line; undefined for an empty one. */
export function readList(text: string, { items }: Schema): unknown[] | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) return undefined;
  return items?.type === 'string' ? lines : lines.map((line) => readNumber(line));
}

/** Reads a number; a text that is none stays as it is, so that the gateway can say what is wrong. */
export function readNumber(text: string): unknown {
  if (text.trim() === '') return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}
