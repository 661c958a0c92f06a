import { GatewayError } from '../../base/errors.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import type { MessageItem } from '../../conversation/item.ts';
import { decodeValue } from '../request/decode-body.ts';
import { invalidValue } from '../request/refusals.ts';
import { MAX_ANSWERS } from '../request/shared-schema.ts';
import { promptSchema } from './schema.ts';

/** Each prompt as a message of the user; `answers` is how many are wanted to each. */
export function decodePrompts(prompt: string | readonly unknown[], answers: number): MessageItem[] {
  if (typeof prompt === 'string') return [createMessage(prompt, ['prompt'])];
  const token = prompt.findIndex((one) => typeof one === 'number' || Array.isArray(one));
  if (token !== -1) throw tokensRefused(['prompt', token]);
  if (prompt.length * answers > MAX_ANSWERS) throw tooMany(prompt.length, answers);
  return prompt.map((one, index) => {
    const place = ['prompt', index];
    return createMessage(decodeValue(promptSchema, one, place), place);
  });
}

function createMessage(text: string, place: JsonPath): MessageItem {
  return { type: 'message', role: 'user', parts: [{ type: 'text', text }], path: formatPath(place) };
}

function tokensRefused(place: JsonPath): GatewayError {
  const param = formatPath(place);
  return new GatewayError(
    'unsupported_value',
    `Invalid '${param}': tokens are not supported, since Codex takes text alone. Send the prompt as a text.`,
    { param },
  );
}

function tooMany(prompts: number, answers: number): GatewayError {
  const asked = answers === 1 ? `${prompts} prompts` : `${prompts} prompts with ${answers} answers each`;
  return invalidValue(
    prompts > MAX_ANSWERS ? 'prompt' : 'n',
    `${asked} are more than ${MAX_ANSWERS} answers; send fewer prompts with one request`,
  );
}
