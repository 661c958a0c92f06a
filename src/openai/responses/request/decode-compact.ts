import type { JsonObject } from '../../../base/json.ts';
import type { Steps } from '../../../base/async/steps.ts';
import type { ResolvedReferences } from '../../../conversation/references.ts';
import type { Unseal } from '../../../conversation/ports/sealing.ts';
import type { Turn } from '../../../conversation/turn.ts';
import type { Compatibility } from '../../request/compatibility.ts';
import type { ParamNames } from '../../request/notice-headers.ts';
import type { Policy } from '../../request/policy.ts';
import { decodeTurnBody, decodeTurn } from './decode-turn.ts';
import { COMPACT_FIELDS } from './request-fields.ts';
import { compactSchema } from './request-schema.ts';

/** A request for a summary of a conversation. */
export interface CompactRequest {
  /** The turn that would continue the conversation, without tools. */
  readonly turn: Turn;
  /** Responses API items that the request adds to the conversation, each with an id. */
  readonly input: readonly JsonObject[];
  /** Notices of what was ignored or adjusted. */
  readonly compatibility: Compatibility;
  /** Names of the parts of the turn in the body, for notices. */
  readonly paramNames: ParamNames;
}

/** Decodes the body of `POST /v1/responses/compact`; throws a `GatewayError` that names the field. */
export function* decodeCompactRequest(
  given: unknown,
  policy: Pick<Policy, 'strict' | 'defaultModel'>,
  references: ResolvedReferences,
  unseal: Unseal,
): Steps<CompactRequest> {
  const { body, compatibility } = decodeTurnBody(given, policy, COMPACT_FIELDS, compactSchema);
  const { request, input, paramNames } = yield* decodeTurn(
    { ...body, tool_choice: 'none' },
    { references, unseal, compatibility },
    { needsInput: true },
  );
  return { turn: request.turn, input, compatibility, paramNames };
}
