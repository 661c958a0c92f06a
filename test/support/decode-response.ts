import { GatewayError } from '../../src/base/errors.ts';
import type { JsonObject } from '../../src/base/json.ts';
import type { ResolvedReferences } from '../../src/conversation/references.ts';
import {
  decodeResponsesRequest,
  type ResponsesPolicy,
  type ResponsesRequest,
} from '../../src/openai/responses/request/decode.ts';
import { runAtOnce } from './run-at-once.ts';

export interface Given {
  readonly policy?: Partial<ResponsesPolicy>;
  /** Earlier items of the conversation. */
  readonly history?: readonly JsonObject[];
  /** Stored items that can be referenced. */
  readonly kept?: readonly JsonObject[];
}

/** Prefix of texts that this gateway has sealed in tests. */
const SEAL = 'sealed:';

export const sealed = (summary: string): string => SEAL + summary;

export const referencesOf = ({ history = [], kept = [] }: Given): ResolvedReferences => ({
  history,
  items: new Map([...history, ...kept].map((item) => [String(item.id), item])),
});

export const unseal = (text: string): string | undefined =>
  text.startsWith(SEAL) ? text.slice(SEAL.length) : undefined;

/** A request for a response with a model and an input, and whatever else. */
export function decodeResponse(body: object, given: Given = {}): ResponsesRequest {
  const policy = { strict: false, enforceMaxTokens: false, stores: true, ...given.policy };
  const whole = { model: 'gpt-5.5', input: 'hello', ...body };
  return runAtOnce(decodeResponsesRequest(whole, policy, referencesOf(given), unseal));
}

/** Returns the fields reported as ignored, in order. */
export const ignoredOf = (body: object, given: Given = {}): string[] =>
  [...decodeResponse(body, given).compatibility.ignored].toSorted();

/** Returns the refusal of a request: the code, the field and the complete message. */
export function refusalOf(decode: () => unknown): {
  code: string;
  param: string | undefined;
  message: string;
} {
  try {
    decode();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { code: error.code, param: error.detail.param, message: error.message };
  }
  throw new Error('it was not refused');
}
