import type { JsonObject } from '../../base/json.ts';

/** A custom tool is a function of one text to the model, which knows no others here. */
export const CUSTOM_PARAMETERS: JsonObject = {
  type: 'object',
  properties: { input: { type: 'string' } },
  required: ['input'],
  additionalProperties: false,
};

export function encodeCustomInput(input: string): string {
  return JSON.stringify({ input });
}

/** The text in a call's arguments; arguments of another kind are handed on as they came. */
export function decodeCustomInput(args: string): string {
  try {
    const { input } = JSON.parse(args) as { input?: unknown };
    return typeof input === 'string' ? input : args;
  } catch {
    return args;
  }
}
