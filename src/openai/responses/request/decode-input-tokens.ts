import type { Steps } from '../../../base/async/steps.ts';
import { imagesOf, type Item } from '../../../conversation/item.ts';
import type { ResolvedReferences } from '../../../conversation/references.ts';
import type { Unseal } from '../../../conversation/ports/sealing.ts';
import type { TurnRequest } from '../../../conversation/turn-request.ts';
import type { Compatibility } from '../../request/compatibility.ts';
import type { ParamNames } from '../../request/notice-headers.ts';
import type { Policy } from '../../request/policy.ts';
import { unsupported } from '../../request/refusals.ts';
import { decodeTurnBody, decodeTurn } from './decode-turn.ts';
import { INPUT_TOKENS_FIELDS } from './request-fields.ts';
import { requestSchema } from './request-schema.ts';

/** A request whose tokens are counted. */
export interface InputTokensRequest {
  readonly request: TurnRequest;
  /** Notices of what was ignored or adjusted. */
  readonly compatibility: Compatibility;
  /** Names of the parts of the turn request in the body, for notices. */
  readonly paramNames: ParamNames;
}

/** Decodes the body of `POST /v1/responses/input_tokens`; throws a `GatewayError` that names the field. */
export function* decodeInputTokensRequest(
  given: unknown,
  policy: Pick<Policy, 'strict' | 'defaultModel'>,
  references: ResolvedReferences,
  unseal: Unseal,
): Steps<InputTokensRequest> {
  const { body, compatibility } = decodeTurnBody(given, policy, INPUT_TOKENS_FIELDS, requestSchema);
  const { request, paramNames } = yield* decodeTurn(
    body,
    { references, unseal, compatibility },
    { needsInput: false, mayStayOpen: true },
  );
  ignoreImages(request.turn.items, compatibility);
  return { request, compatibility, paramNames };
}

/** Reports images as ignored: only the provider knows how many tokens an image takes. */
function ignoreImages(items: readonly Item[], compatibility: Compatibility): void {
  for (const { path } of imagesOf(items)) {
    compatibility.ignore([path], () => unsupported(path, 'is an image, and only text can be counted here'));
  }
}
