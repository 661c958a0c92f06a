import type { JsonObject } from '../../../base/json.ts';
import type { Steps } from '../../../base/async/steps.ts';
import type { ResolvedReferences } from '../../../conversation/references.ts';
import type { Unseal } from '../../../conversation/ports/sealing.ts';
import type { TurnRequest } from '../../../conversation/turn-request.ts';
import { createCompatibility, type Compatibility } from '../../request/compatibility.ts';
import { decodeBody, decodeModelObject, decodeValue } from '../../request/decode-body.ts';
import { checkFields, type Fields } from '../../request/fields.ts';
import type { PartNames } from '../../request/notice-headers.ts';
import type { Policy } from '../../request/policy.ts';
import { checkOptions } from './check-options.ts';
import { createEcho } from './create-echo.ts';
import { decodeInclude, decodeStore } from './decode-options.ts';
import { decodeTurn } from './decode-turn.ts';
import { ENFORCED_LIMIT_FIELDS, FURTHER_FIELDS, REQUEST_FIELDS, SOCKET_FIELDS } from './request-fields.ts';
import { limitSchema, requestSchema } from './request-schema.ts';

export interface ResponsesPolicy extends Policy {
  /** Whether responses are kept. */
  readonly stores: boolean;
  /** Whether the request came by a WebSocket. */
  readonly socket?: boolean;
}

/** Facts about the request that shape the response. */
export interface ResponsePresentation {
  /**
   * The fields of the response that repeat its request (`instructions`, `tools`, `metadata` and others), each with its default
   * if the request does not contain it. `service_tier` and `reasoning.effort` are replaced when the answer begins.
   */
  readonly echo: JsonObject;
  /** Values of `include`. */
  readonly include: ReadonlySet<string>;
  /** Names of functions that were offered as custom tools, so that their calls are those of custom tools. */
  readonly customTools: ReadonlySet<string>;
  readonly background: boolean;
}

/** A request for a response: what the model is to do, and how the answer is to be written. */
export interface ResponsesRequest {
  readonly request: TurnRequest;
  readonly presentation: ResponsePresentation;
  readonly stream: boolean;
  readonly background: boolean;
  readonly store: boolean;
  /** Whether nothing is to be answered: a connection is only made ready (`generate: false`). */
  readonly warmUp: boolean;
  /** What the request adds to the conversation: Responses API items, each with an id; none stands for another one. */
  readonly input: readonly JsonObject[];
  /** What was left out, or will be done in another way. */
  readonly compatibility: Compatibility;
  /** What the caller's body calls the parts of the turn request. */
  readonly partNames: PartNames;
}

/**
 * Decodes the body of `POST /v1/responses`; throws a `GatewayError` that names the field. `recollection` is what is behind
 * the references of the same body.
 */
export function* decodeResponsesRequest(
  given: unknown,
  policy: ResponsesPolicy,
  recollection: ResolvedReferences,
  unseal: Unseal,
): Steps<ResponsesRequest> {
  const object = decodeModelObject(given, policy);
  const compatibility = createCompatibility(policy.strict);
  checkFields(object, fieldsFor(policy), [], compatibility);
  const body = decodeBody(requestSchema, object);
  checkOptions(object, compatibility);
  const store = decodeStore(body, policy.stores, compatibility);
  const background = body.background ?? false;
  const warmUp = policy.socket === true && body.generate === false;
  const maxTokens = policy.enforceMaxTokens ? decodeLimit(object) : undefined;
  const knowledge = { recollection, unseal, compatibility };
  const { request, input, offer, partNames } = yield* decodeTurn(body, knowledge, {
    needsInput: !warmUp,
    mayStayOpen: warmUp,
    maxTokens,
  });
  return {
    request,
    presentation: {
      echo: createEcho(body, { tools: offer.given, store, maxTokens }),
      include: decodeInclude(body, compatibility),
      customTools: offer.customTools,
      background,
    },
    stream: policy.socket === true || (body.stream ?? false),
    background,
    store,
    warmUp,
    input,
    compatibility,
    partNames,
  };
}

function fieldsFor({ enforceMaxTokens, socket }: ResponsesPolicy): Fields {
  return {
    ...REQUEST_FIELDS,
    ...FURTHER_FIELDS,
    ...(enforceMaxTokens && ENFORCED_LIMIT_FIELDS),
    ...(socket && SOCKET_FIELDS),
  };
}

function decodeLimit(body: object): number | undefined {
  return decodeValue(limitSchema, body, []).max_output_tokens ?? undefined;
}
