import type { z } from 'zod';
import type { JsonObject } from '../../../base/json.ts';
import type { Steps } from '../../../base/async/steps.ts';
import type { Unseal } from '../../../conversation/ports/sealing.ts';
import type { ResolvedReferences } from '../../../conversation/references.ts';
import type { TurnRequest } from '../../../conversation/turn-request.ts';
import { toStoredItems } from '../../items/stored-items.ts';
import { createCompatibility, type Compatibility } from '../../request/compatibility.ts';
import { decodeBody, decodeModelObject } from '../../request/decode-body.ts';
import { checkFields, type Fields } from '../../request/fields.ts';
import type { ParamNames } from '../../request/notice-headers.ts';
import type { Policy } from '../../request/policy.ts';
import { checkInput, decodeConversation, readConversation } from './decode-conversation.ts';
import { decodeResponseOptions, decodeTextFormat } from './decode-options.ts';
import { decodeResponseTools, type ResponseTools } from './decode-tools.ts';
import { checkResponseOptions } from './request-fields.ts';
import type { RequestBody } from './request-schema.ts';

export interface TurnContext {
  readonly references: ResolvedReferences;
  readonly unseal: Unseal;
  readonly compatibility: Compatibility;
}

export interface TurnRules {
  /** True if the conversation must not be empty. */
  readonly needsInput: boolean;
  /** Allows calls without a result, because no model is asked. */
  readonly mayStayOpen?: boolean;
  readonly maxTokens?: number | undefined;
}

/** The part of a request that the model answers. */
export interface DecodedTurn {
  readonly request: TurnRequest;
  /** Responses API items that the request adds to the conversation, each with an id. */
  readonly input: readonly JsonObject[];
  readonly tools: ResponseTools;
  /** Names of the parts of the turn request in the body, for notices. */
  readonly paramNames: ParamNames;
}

/** A body whose fields have been checked. */
interface CheckedBody<T> {
  /** The body as it came, with a model. */
  readonly object: JsonObject;
  readonly body: T;
  /** Notices of what was ignored. */
  readonly compatibility: Compatibility;
}

/** Decodes the body of a request about a turn; throws a `GatewayError` that names the field. */
export function decodeTurnBody<T extends z.ZodType>(
  given: unknown,
  policy: Pick<Policy, 'strict' | 'defaultModel'>,
  fields: Fields,
  schema: T,
): CheckedBody<z.output<T>> {
  const object = decodeModelObject(given, policy);
  const compatibility = createCompatibility(policy.strict);
  checkFields(object, fields, [], compatibility);
  const body = decodeBody(schema, object);
  checkResponseOptions(object, compatibility);
  return { object, body, compatibility };
}

export function* decodeTurn(
  body: RequestBody,
  { references, unseal, compatibility }: TurnContext,
  { needsInput, mayStayOpen = false, maxTokens }: TurnRules,
): Steps<DecodedTurn> {
  const conversation = yield* readConversation(body, references, compatibility);
  if (needsInput) checkInput(body, conversation);
  const tools = yield* decodeResponseTools(body, conversation.hasTools, compatibility);
  const turn = {
    model: body.model,
    items: yield* decodeConversation(body, conversation, { ...tools, mayStayOpen, unseal }),
    tools: tools.tools,
    passthroughTools: tools.passthroughTools,
    singleCall: body.parallel_tool_calls === false,
    webSearch: tools.webSearch,
    ...decodeResponseOptions(body),
  };
  const format = decodeTextFormat(body);
  return {
    request: { turn, n: 1, callRequired: tools.callRequired, format, stop: [], maxTokens },
    input: yield* toStoredItems(conversation.added, references.history),
    tools,
    paramNames: { ...PART_NAMES, webSearch: tools.webSearchPath },
  };
}

const PART_NAMES = {
  reasoningEffort: 'reasoning.effort',
  verbosity: 'text.verbosity',
  serviceTier: 'service_tier',
  format: 'text.format',
  callRequired: 'tool_choice',
} as const;
