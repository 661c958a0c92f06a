import type { JsonObject } from '../../../base/json.ts';
import type { Steps } from '../../../base/async/steps.ts';
import type { ResolvedReferences } from '../../../conversation/references.ts';
import type { Unseal } from '../../../conversation/ports/sealing.ts';
import type { Turn } from '../../../conversation/turn.ts';
import { createCompatibility, type Compatibility } from '../../request/compatibility.ts';
import { decodeBody, decodeModelObject } from '../../request/decode-body.ts';
import { checkFields } from '../../request/fields.ts';
import type { PartNames } from '../../request/notice-headers.ts';
import type { Policy } from '../../request/policy.ts';
import { checkOptions } from './check-options.ts';
import { decodeTurn } from './decode-turn.ts';
import { COMPACT_FIELDS } from './request-fields.ts';
import { compactSchema } from './request-schema.ts';

/** A conversation of which a summary is to be made. */
export interface CompactRequest {
  /** What the model would see of it, without any tool. */
  readonly turn: Turn;
  /** What the request itself brings: Responses API items, each with an id. */
  readonly input: readonly JsonObject[];
  /** What was left out, or will be done in another way. */
  readonly compatibility: Compatibility;
  /** What the caller's body calls the parts of the turn. */
  readonly partNames: PartNames;
}

/** Decodes the body of `POST /v1/responses/compact`; throws a `GatewayError` that names the field. */
export function* decodeCompactRequest(
  given: unknown,
  policy: Pick<Policy, 'strict' | 'defaultModel'>,
  recollection: ResolvedReferences,
  unseal: Unseal,
): Steps<CompactRequest> {
  const object = decodeModelObject(given, policy);
  const compatibility = createCompatibility(policy.strict);
  checkFields(object, COMPACT_FIELDS, [], compatibility);
  const body = { ...decodeBody(compactSchema, object), tool_choice: 'none' };
  checkOptions(object, compatibility);
  const knowledge = { recollection, unseal, compatibility };
  const { request, input, partNames } = yield* decodeTurn(body, knowledge, { needsInput: true });
  return { turn: request.turn, input, compatibility, partNames };
}
