import type { PromptSettings } from './wire/entries.ts';

const write = (value: unknown) => JSON.stringify(value, undefined, 2);

export const EXAMPLE_TOOLS = write([
  {
    type: 'function',
    name: 'get_weather',
    description: 'Returns the weather of a city now.',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    },
  },
]);

export const EXAMPLE_SCHEMA = write({
  type: 'object',
  properties: {
    rivers: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' }, length_km: { type: 'integer' } },
        required: ['name', 'length_km'],
        additionalProperties: false,
      },
    },
  },
  required: ['rivers'],
  additionalProperties: false,
});

interface Example {
  readonly title: string;
  readonly about: string;
  readonly prompt: string;
  readonly settings: Partial<PromptSettings>;
}

/** Beginnings for a person who wants to see what there is. */
export const EXAMPLES: readonly Example[] = [
  {
    title: 'Explain something',
    about: 'A plain question, answered as it is written.',
    prompt: 'Explain what a mutex is, with a short example in Go.',
    settings: { format: 'text', tools: '', toolChoice: '' },
  },
  {
    title: 'Call a tool',
    about: 'The model asks for a function; you give its result.',
    // Names the function, since the demo calls one that is named.
    prompt: 'Is it warmer in Paris or in Rome? Ask get_weather for each.',
    settings: { format: 'text', tools: EXAMPLE_TOOLS, toolChoice: '' },
  },
  {
    title: 'Answer as JSON',
    about: 'The answer follows a JSON Schema, for sure.',
    prompt: 'The three longest rivers of Europe.',
    settings: { format: 'json_schema', schema: EXAMPLE_SCHEMA, tools: '', toolChoice: '' },
  },
];
