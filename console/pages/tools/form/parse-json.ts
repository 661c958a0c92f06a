interface ParsedJson {
  /** Undefined for an empty text, and for one that is not JSON. */
  readonly value: unknown;
  /** A sentence that says what is wrong; '' for a right text. */
  readonly problem: string;
}

/** Parses what a person has written as JSON. */
export function parseJson(text: string): ParsedJson {
  if (text.trim() === '') return { value: undefined, problem: '' };
  try {
    return { value: JSON.parse(text), problem: '' };
  } catch (error) {
    return { value: undefined, problem: `This is not JSON yet: ${(error as Error).message}` };
  }
}

/** Parses the arguments of a call, which are an object. */
export function parseArguments(text: string): ParsedJson {
  const parsed = parseJson(text);
  if (parsed.problem !== '' || isObject(parsed.value)) return parsed;
  if (parsed.value === undefined) return { value: {}, problem: '' };
  return { value: undefined, problem: 'The arguments are an object, as in {"query": "refunds"}.' };
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
