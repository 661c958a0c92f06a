import { z } from 'zod';
import { GatewayError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import { createTextMessage, type MessageItem } from '../../conversation/item.ts';
import type { TurnRequest } from '../../conversation/turn-request.ts';
import { createCompatibility, type Compatibility } from '../request/compatibility.ts';
import { decodeBody, decodeModelObject, decodeValue } from '../request/decode-body.ts';
import { checkFields, checkOptionFields } from '../request/fields.ts';
import type { ParamNames } from '../request/notice-headers.ts';
import type { Policy } from '../request/policy.ts';
import { invalidValue } from '../request/refusals.ts';
import { STREAM_OPTIONS_FIELDS } from '../request/shared-fields.ts';
import { MAX_ANSWERS, SHARED_SHAPE, tokenLimit } from '../request/shared-schema.ts';
import { ENFORCED_COMPLETION_LIMIT_FIELDS, COMPLETION_FIELDS } from './fields.ts';

/** A text completion request: the turns to run, and how to write their answers. */
export interface CompletionRequest {
  readonly model: string;
  /** One for each prompt, in order; they differ only in their conversation. */
  readonly requests: readonly TurnRequest[];
  readonly style: CompletionStyle;
  readonly stream: boolean;
  /** Fields that are ignored, and values that are adjusted. */
  readonly compatibility: Compatibility;
  readonly paramNames: ParamNames;
}

/** Everything about the form of an answer that its request decides. */
export interface CompletionStyle {
  /** `stream_options.include_usage`. */
  readonly includeUsage: boolean;
  /** Number of choices, to all prompts together. */
  readonly n: number;
}

/** `CompletionCreateParams`, as far as it is mapped or emulated; `fields.ts` decides on the rest. */
const completionRequestSchema = z.object({
  ...SHARED_SHAPE,
  max_tokens: tokenLimit,
  prompt: z.union([z.string(), z.array(z.unknown()).min(1)], {
    error: 'expected a string or an array of strings',
  }),
});

const promptSchema = z.string();

/** Decodes the body of `POST /v1/completions`; throws a `GatewayError` that names the field. */
export function decodeCompletionRequest(body: unknown, policy: Policy): CompletionRequest {
  const object = decodeModelObject(body, policy);
  const compatibility = createCompatibility(policy.strict);
  checkKeys(object, policy, compatibility);
  const completion = decodeBody(completionRequestSchema, object);
  const { model, stop, stream, stream_options: options, max_tokens: limit } = completion;
  const n = completion.n ?? 1;
  const requests = decodePrompts(completion.prompt, n).map((item): TurnRequest => ({
    turn: { model, items: [item] },
    n,
    callRequired: undefined,
    format: { type: 'text' },
    stop: [stop ?? []].flat(),
    maxTokens: policy.enforceMaxTokens ? (limit ?? undefined) : undefined,
  }));
  return {
    model,
    requests,
    style: { includeUsage: options?.include_usage ?? false, n: requests.length * n },
    stream: stream ?? false,
    compatibility,
    paramNames: {},
  };
}

/** Leaves out, or refuses, unknown fields. */
function checkKeys(object: JsonObject, { enforceMaxTokens }: Policy, compatibility: Compatibility): void {
  const known = enforceMaxTokens
    ? { ...COMPLETION_FIELDS, ...ENFORCED_COMPLETION_LIMIT_FIELDS }
    : COMPLETION_FIELDS;
  checkFields(object, known, [], compatibility);
  checkOptionFields(object, { stream_options: STREAM_OPTIONS_FIELDS }, compatibility);
}

/** Decodes each prompt, to which there are `n` answers, as a message of the user. */
function decodePrompts(prompt: string | readonly unknown[], n: number): MessageItem[] {
  if (typeof prompt === 'string') return [createTextMessage('user', prompt, 'prompt')];
  const token = prompt.findIndex((entry) => typeof entry === 'number' || Array.isArray(entry));
  if (token !== -1) throw tokensRefused(['prompt', token]);
  if (prompt.length * n > MAX_ANSWERS) throw tooManyAnswers(prompt.length, n);
  return prompt.map((entry, index) => {
    const path = ['prompt', index];
    return createTextMessage('user', decodeValue(promptSchema, entry, path), formatPath(path));
  });
}

function tokensRefused(path: JsonPath): GatewayError {
  const param = formatPath(path);
  return new GatewayError(
    'unsupported_value',
    `Invalid '${param}': tokens are not supported, because Codex accepts only text. Send the prompt as text.`,
    { param },
  );
}

function tooManyAnswers(prompts: number, n: number): GatewayError {
  const requested = n === 1 ? `${prompts} prompts` : `${prompts} prompts with ${n} answers each`;
  return invalidValue(
    prompts > MAX_ANSWERS ? 'prompt' : 'n',
    `${requested} are more than ${MAX_ANSWERS} answers; send fewer prompts in one request`,
  );
}
