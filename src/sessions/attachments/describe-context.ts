/** Maximum characters of the whole description, and of one value in it. */
const MAX_CHARACTERS = 32_000;
const MAX_VALUE_CHARACTERS = 4_000;

/** The first words of a description. */
export const CONTEXT_INTRODUCTION = 'Context of the application in which the user writes.';

/** Describes what the host application tells of itself, as a part of a message; empty if it tells nothing. */
export function describeContext(context: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(context).flatMap(([name, value]) => describe(name, value));
  if (lines.length === 0) return '';
  const text = shorten(lines.join('\n'), MAX_CHARACTERS);
  return `${CONTEXT_INTRODUCTION} It may be out of date; the files in the workspace count.\n${text}`;
}

function describe(name: string, value: unknown): string[] {
  if (value === null || value === undefined || value === '') return [];
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text === '{}' || text === '[]' ? [] : [`- ${name}: ${shorten(text, MAX_VALUE_CHARACTERS)}`];
}

function shorten(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max)} … (${text.length - max} characters are left out)`;
}
