import type { Steps } from '../../../base/async/steps.ts';
import { imagesOf, type Item } from '../../../conversation/item.ts';
import type { ResolvedReferences } from '../../../conversation/references.ts';
import type { Unseal } from '../../../conversation/ports/sealing.ts';
import type { TurnRequest } from '../../../conversation/turn-request.ts';
import { createCompatibility, type Compatibility } from '../../request/compatibility.ts';
import { decodeBody, decodeModelObject } from '../../request/decode-body.ts';
import { checkFields } from '../../request/fields.ts';
import type { PartNames } from '../../request/notice-headers.ts';
import type { Policy } from '../../request/policy.ts';
import { unsupported } from '../../request/refusals.ts';
import { checkOptions } from './check-options.ts';
import { decodeTurn } from './decode-turn.ts';
import { INPUT_TOKENS_FIELDS } from './request-fields.ts';
import { requestSchema } from './request-schema.ts';

/** A request of which only the size is to be known. */
export interface InputTokensRequest {
  readonly request: TurnRequest;
  /** What was left out, or would be done in another way. */
  readonly compatibility: Compatibility;
  /** What the caller's body calls the parts of the turn request. */
  readonly partNames: PartNames;
}

/** Decodes the body of `POST /v1/responses/input_tokens`; throws a `GatewayError` that names the field. */
export function* decodeInputTokensRequest(
  given: unknown,
  policy: Pick<Policy, 'strict' | 'defaultModel'>,
  recollection: ResolvedReferences,
  unseal: Unseal,
): Steps<InputTokensRequest> {
  const object = decodeModelObject(given, policy);
  const compatibility = createCompatibility(policy.strict);
  checkFields(object, INPUT_TOKENS_FIELDS, [], compatibility);
  const body = decodeBody(requestSchema, object);
  checkOptions(object, compatibility);
  const knowledge = { recollection, unseal, compatibility };
  const { request, partNames } = yield* decodeTurn(body, knowledge, { needsInput: false, mayStayOpen: true });
  leaveOutImages(request.turn.items, compatibility);
  return { request, compatibility, partNames };
}

/** How many tokens an image takes is known to its provider alone. */
function leaveOutImages(items: readonly Item[], compatibility: Compatibility): void {
  for (const { path } of imagesOf(items)) {
    compatibility.ignore([path], () => unsupported(path, 'is an image, and only texts can be counted here'));
  }
}
