import type { JsonObject } from '../../base/json.ts';

/** Parameters of the function that stands for a custom tool: one text. */
export const CUSTOM_PARAMETERS: JsonObject = {
  type: 'object',
  properties: { input: { type: 'string' } },
  required: ['input'],
  additionalProperties: false,
};

/** Encodes the input of a custom tool as arguments of its function. */
export function encodeCustomInput(input: string): string {
  return JSON.stringify({ input });
}

/** Returns the text in the arguments of a call; other arguments are returned unchanged. */
export function decodeCustomInput(args: string): string {
  try {
    const { input } = JSON.parse(args) as { input?: unknown };
    return typeof input === 'string' ? input : args;
  } catch {
    return args;
  }
}
