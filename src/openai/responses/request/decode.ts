import type { JsonObject } from '../../../base/json.ts';
import type { Steps } from '../../../base/async/steps.ts';
import type { ResolvedReferences } from '../../../conversation/references.ts';
import type { Unseal } from '../../../conversation/ports/sealing.ts';
import type { TurnRequest } from '../../../conversation/turn-request.ts';
import type { Compatibility } from '../../request/compatibility.ts';
import { decodeValue } from '../../request/decode-body.ts';
import type { Fields } from '../../request/fields.ts';
import type { ParamNames } from '../../request/notice-headers.ts';
import type { Policy } from '../../request/policy.ts';
import { createEcho } from './create-echo.ts';
import { decodeIncludeField, decodeStore } from './decode-options.ts';
import { decodeTurnBody, decodeTurn } from './decode-turn.ts';
import {
  ENFORCED_OUTPUT_LIMIT_FIELDS,
  FURTHER_RESPONSE_FIELDS,
  RESPONSE_FIELDS,
  SOCKET_FIELDS,
} from './request-fields.ts';
import { limitSchema, requestSchema } from './request-schema.ts';

export interface ResponsesPolicy extends Policy {
  /** True if the gateway stores responses. */
  readonly stores: boolean;
  /** True for a request over a WebSocket. */
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

/** A decoded request for a response. */
export interface ResponsesRequest {
  readonly request: TurnRequest;
  readonly presentation: ResponsePresentation;
  readonly stream: boolean;
  readonly background: boolean;
  readonly store: boolean;
  /** True if no answer is wanted, and the request only prepares its connection (`generate: false`). */
  readonly warmUp: boolean;
  /** Responses API items that the request adds to the conversation, each with an id; references are resolved. */
  readonly input: readonly JsonObject[];
  /** Notices of what was ignored or adjusted. */
  readonly compatibility: Compatibility;
  /** Names of the parts of the turn request in the body, for notices. */
  readonly paramNames: ParamNames;
}

/**
 * Decodes the body of `POST /v1/responses`; throws a `GatewayError` that names the field.
 *
 * @param references The resolved references of the same body.
 */
export function* decodeResponsesRequest(
  given: unknown,
  policy: ResponsesPolicy,
  references: ResolvedReferences,
  unseal: Unseal,
): Steps<ResponsesRequest> {
  const { object, body, compatibility } = decodeTurnBody(given, policy, fieldsFor(policy), requestSchema);
  const store = decodeStore(body, policy.stores, compatibility);
  const background = body.background ?? false;
  const warmUp = policy.socket === true && body.generate === false;
  const maxTokens = policy.enforceMaxTokens ? decodeLimit(object) : undefined;
  const context = { references, unseal, compatibility };
  const { request, input, tools, paramNames } = yield* decodeTurn(body, context, {
    needsInput: !warmUp,
    mayStayOpen: warmUp,
    maxTokens,
  });
  return {
    request,
    presentation: {
      echo: createEcho(body, { tools: tools.flatTools, store, maxTokens }),
      include: decodeIncludeField(body, compatibility),
      customTools: tools.customTools,
      background,
    },
    stream: policy.socket === true || (body.stream ?? false),
    background,
    store,
    warmUp,
    input,
    compatibility,
    paramNames,
  };
}

function fieldsFor({ enforceMaxTokens, socket }: ResponsesPolicy): Fields {
  return {
    ...RESPONSE_FIELDS,
    ...FURTHER_RESPONSE_FIELDS,
    ...(enforceMaxTokens && ENFORCED_OUTPUT_LIMIT_FIELDS),
    ...(socket && SOCKET_FIELDS),
  };
}

function decodeLimit(body: object): number | undefined {
  return decodeValue(limitSchema, body, []).max_output_tokens ?? undefined;
}
