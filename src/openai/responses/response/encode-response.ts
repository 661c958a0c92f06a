import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import type { ResponseStatus } from '../../../conversation/ports/store.ts';
import type { Usage } from '../../../conversation/usage.ts';
import { encodeResponseUsage } from './encode-usage.ts';
import type { ResponseAnswer, ResponseOptions } from './response-options.ts';

/** The state of a response at one moment. */
export interface ResponseState {
  readonly status: ResponseStatus;
  /** Undefined until the answer begins. */
  readonly answer?: Pick<ResponseAnswer, 'serviceTier' | 'reasoningEffort'> | undefined;
  /** Complete items. */
  readonly output?: readonly JsonObject[];
  readonly usage?: Usage | null;
  /** The reason of a response that is incomplete. */
  readonly reason?: string;
  /** The error of a response that failed, from `encodeResponseError`. */
  readonly error?: JsonObject;
}

/**
 * Encodes a complete `response` object. The fields of the answer come first, for people who read it; the fields that repeat
 * the request never replace them.
 */
export function encodeResponse(
  { envelope, presentation }: ResponseOptions,
  state: ResponseState,
): JsonObject {
  const { status, answer, output = [], usage = null, reason, error = null } = state;
  const { echo, background } = presentation;
  const facts = {
    id: envelope.id,
    object: 'response',
    created_at: envelope.createdAt,
    status,
    model: envelope.model,
    output,
    error,
    incomplete_details: reason === undefined ? null : { reason },
    usage: usage === null ? null : encodeResponseUsage(usage),
    completed_at: status === 'completed' ? Math.floor(Date.now() / 1000) : null,
    background,
    service_tier: null,
  };
  return {
    ...facts,
    ...echo,
    ...facts,
    ...(answer && {
      service_tier: answer.serviceTier,
      reasoning: { ...(isJsonObject(echo.reasoning) && echo.reasoning), effort: answer.reasoningEffort },
    }),
  };
}
