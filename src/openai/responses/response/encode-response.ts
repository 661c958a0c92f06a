import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import type { ResponseStatus } from '../../../conversation/ports/store.ts';
import type { Usage } from '../../../conversation/usage.ts';
import { encodeResponseUsage } from './encode-usage.ts';
import type { ResponseOptions, ResponseWriting } from './response-writing.ts';

/** How far a response has come, and what is known of it. */
export interface ResponseState {
  readonly status: ResponseStatus;
  /** Undefined as long as nothing is known of the answer. */
  readonly writing?: Pick<ResponseWriting, 'serviceTier' | 'reasoningEffort'> | undefined;
  /** Items with everything in them. */
  readonly output?: readonly JsonObject[];
  readonly usage?: Usage | null;
  /** Where it is incomplete: why. */
  readonly reason?: string;
  /** Where it has failed: `encodeResponseError`. */
  readonly error?: JsonObject;
}

/**
 * A `response` object with everything in it. The answer stands first, for people who read it; what it repeats of its
 * request never covers what is true of it.
 */
export function encodeResponse({ envelope, style }: ResponseOptions, state: ResponseState): JsonObject {
  const { status, writing, output = [], usage = null, reason, error = null } = state;
  const { reasoning } = style.echo;
  const truths = {
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
    background: style.background,
    service_tier: null,
  };
  return {
    ...truths,
    ...style.echo,
    ...truths,
    ...(writing && {
      service_tier: writing.serviceTier,
      reasoning: { ...(isJsonObject(reasoning) && reasoning), effort: writing.reasoningEffort },
    }),
  };
}
