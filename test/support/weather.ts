import { z } from 'zod';
import { callInRounds, type ScriptedCall } from './upstream-tools.ts';
import type { Script } from './upstream.ts';

/** Question that every client sends in the tests of its tools, and the model's answer to it. */
export const QUESTION = 'How warm is it in Berlin and in Paris?';
export const ANSWER = 'It is 20 degrees in Berlin and 25 in Paris.';

export const TOOL = { name: 'get_weather', description: 'The weather in a city.' } as const;
export const CITY = z.object({ city: z.string() });
/** `CITY` as JSON Schema. */
export const CITY_SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
} as const;

export type City = z.infer<typeof CITY>;

const BERLIN: ScriptedCall = { name: TOOL.name, arguments: { city: 'Berlin' } };
const PARIS: ScriptedCall = { name: TOOL.name, arguments: { city: 'Paris' } };

/** Calls with which the model finds out. */
export const CALLS = [BERLIN, PARIS] as const;

const DEGREES: Readonly<Record<string, string>> = { Berlin: '20 degrees', Paris: '25 degrees' };

/** Runs the tool. */
export function weatherIn({ city }: City): string {
  return DEGREES[city] ?? 'unknown';
}

/** Asks for the cities one after the other, then answers. */
export const oneByOne: Script = callInRounds([[BERLIN], [PARIS]], ANSWER);

/** Asks for both cities at once, then answers. */
export const sideBySide: Script = callInRounds([[BERLIN, PARIS]], ANSWER);

/** Results of the tool, in the order of the calls. */
export const OUTPUTS = ['20 degrees', '25 degrees'];

/** Schema of a structured answer. */
export const REPORT = z.object({ city: z.string(), degrees: z.number() });
export const REPORTED: z.infer<typeof REPORT> = { city: 'Berlin', degrees: 20 };
