import type { JsonObject } from '../../base/json.ts';
import { createTextMessage, type MessageItem } from '../../conversation/item.ts';

/** Every word that the gateway itself says to a model, as developer messages at the end of a conversation. */
export const INSTRUCTIONS = {
  object: 'Answer with one JSON object and nothing else.',
  schema: 'Answer with JSON that follows this JSON Schema, and with nothing else:',
  repair: 'Your answer cannot be used:',
  again: 'Answer again, with the whole corrected JSON and nothing else.',
  // Some clients send the summary again without the messages of the user before it.
  summary:
    'Sum up this conversation so that it can go on from your summary alone: what the user has said and wants, what was done, decided and found out, with every name, number and text that is still needed, and what is left to do. Answer with the summary and nothing else.',
} as const;

export function instruct(text: string): MessageItem {
  return createTextMessage('developer', text, 'instructions');
}

export function instructSchema(schema: JsonObject): MessageItem {
  return instruct(`${INSTRUCTIONS.schema}\n${JSON.stringify(schema)}`);
}

export function instructRepair(problem: string): MessageItem {
  return instruct(`${INSTRUCTIONS.repair} ${problem}\n${INSTRUCTIONS.again}`);
}
