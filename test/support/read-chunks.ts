import { createParser } from 'eventsource-parser';
import type OpenAI from 'openai';

/** The chunks of a streamed chat completion; whether they are good ones is checked elsewhere. */
export function readChunks(text: string): OpenAI.ChatCompletionChunk[] {
  const data: string[] = [];
  createParser({ onEvent: (event) => data.push(event.data) }).feed(text);
  return data.filter((one) => one !== '[DONE]').map((one) => JSON.parse(one) as OpenAI.ChatCompletionChunk);
}
