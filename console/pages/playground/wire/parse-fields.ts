import type { PromptSettings } from './entries.ts';

type JsonField = 'schema' | 'tools' | 'further';

/** Sentences about the JSON that a person has written, by the field that they belong to. */
type FieldProblems = Readonly<Partial<Record<JsonField, string>>>;

/** The JSON that a person has written, where it is used. */
export interface ParsedFields {
  readonly schema?: object;
  readonly tools: readonly object[];
  readonly further: Readonly<Record<string, unknown>>;
  readonly problems: FieldProblems;
}

/** Parses the fields of the settings that contain JSON. */
export function parseFields({ format, schema, tools, further }: PromptSettings): ParsedFields {
  const read = {
    ...(format === 'json_schema' && { schema: parseObject(schema, 'Write a JSON Schema.') }),
    tools: parseTools(tools),
    further: parseObject(further === '' ? '{}' : further, 'Write an object, such as {"temperature": 1}.'),
  };
  const problems = Object.entries(read).flatMap(([field, { problem }]) =>
    problem === undefined ? [] : [[field, problem]],
  );
  return {
    ...(read.schema?.value !== undefined && { schema: read.schema.value }),
    tools: read.tools.value ?? [],
    further: (read.further.value ?? {}) as Record<string, unknown>,
    problems: Object.fromEntries(problems) as FieldProblems,
  };
}

interface Parsed<T> {
  readonly value?: T;
  readonly problem?: string;
}

function parseObject(text: string, advice: string): Parsed<object> {
  const { value, problem } = parseText(text);
  if (problem !== undefined) return { problem };
  return isObject(value) ? { value } : { problem: advice };
}

function parseTools(text: string): Parsed<readonly object[]> {
  if (text.trim() === '') return { value: [] };
  const { value, problem } = parseText(text);
  if (problem !== undefined) return { problem };
  const tools: readonly unknown[] = Array.isArray(value) ? value : [value];
  return tools.every(isObject) ? { value: tools } : { problem: 'Write a list of tools.' };
}

function parseText(text: string): Parsed<unknown> {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { problem: `This is not JSON: ${describe(error as Error, text)}` };
  }
}

/** Returns the parser's sentence with a line instead of a position, where it has one. */
function describe({ message }: Error, text: string): string {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined) return message.replace(/ is not valid JSON$/, '');
  const line = text.slice(0, Number(position)).split('\n').length;
  return `${message.replace(/ (?:in JSON )?at position .*$/, '')} in line ${line}`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
