import { isJsonObject, type JsonObject } from '../../base/json.ts';
import type { TurnRequest } from '../../conversation/turn-request.ts';
import { createCompatibility, type Compatibility } from '../request/compatibility.ts';
import { decodeBody, decodeModelObject, decodeValue } from '../request/decode-body.ts';
import { checkFields } from '../request/fields.ts';
import type { PartNames } from '../request/notice-headers.ts';
import type { Policy } from '../request/policy.ts';
import { STREAM_OPTIONS_FIELDS } from '../request/shared-fields.ts';
import { decodePrompts } from './decode-prompts.ts';
import { ENFORCED_LIMIT_FIELDS, REQUEST_FIELDS } from './fields.ts';
import { completionRequestSchema, limitSchema } from './schema.ts';

/** A text completion request: what the model is to do, and how the answer is to be written. */
export interface CompletionRequest {
  readonly model: string;
  /** One for each prompt, in their order; they differ in their conversation alone. */
  readonly requests: readonly TurnRequest[];
  readonly style: CompletionStyle;
  readonly stream: boolean;
  /** What was left out, or will be done in another way. */
  readonly compatibility: Compatibility;
  readonly partNames: PartNames;
}

/** How an answer is written, beside what it says. */
export interface CompletionStyle {
  /** `stream_options.include_usage`. */
  readonly includeUsage: boolean;
  /** How many choices there are, to all prompts. */
  readonly answers: number;
}

/** Decodes the body of `POST /v1/completions`; throws a `GatewayError` that names the field. */
export function decodeCompletionRequest(body: unknown, policy: Policy): CompletionRequest {
  const given = decodeModelObject(body, policy);
  const compatibility = createCompatibility(policy.strict);
  checkKeys(given, policy, compatibility);
  const {
    model,
    prompt,
    n,
    stop,
    stream,
    stream_options: options,
  } = decodeBody(completionRequestSchema, given);
  const answers = n ?? 1;
  const maxTokens = policy.enforceMaxTokens ? decodeValue(limitSchema, given, []).max_tokens : undefined;
  const requests = decodePrompts(prompt, answers).map((item): TurnRequest => ({
    turn: { model, items: [item] },
    n: answers,
    callRequired: undefined,
    format: { type: 'text' },
    stop: [stop ?? []].flat(),
    maxTokens: maxTokens ?? undefined,
  }));
  return {
    model,
    requests,
    style: { includeUsage: options?.include_usage ?? false, answers: requests.length * answers },
    stream: stream ?? false,
    compatibility,
    partNames: {},
  };
}

/** Leaves out, or refuses, what the body holds beside what is known of it. */
function checkKeys(given: JsonObject, { enforceMaxTokens }: Policy, compatibility: Compatibility): void {
  const known = enforceMaxTokens ? { ...REQUEST_FIELDS, ...ENFORCED_LIMIT_FIELDS } : REQUEST_FIELDS;
  checkFields(given, known, [], compatibility);
  const { stream_options: options } = given;
  if (isJsonObject(options)) checkFields(options, STREAM_OPTIONS_FIELDS, ['stream_options'], compatibility);
}
