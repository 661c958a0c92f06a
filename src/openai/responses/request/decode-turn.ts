import type { JsonObject } from '../../../base/json.ts';
import type { Steps } from '../../../base/async/steps.ts';
import type { ResolvedReferences } from '../../../conversation/references.ts';
import type { Unseal } from '../../../conversation/ports/sealing.ts';
import type { TurnRequest } from '../../../conversation/turn-request.ts';
import type { Compatibility } from '../../request/compatibility.ts';
import type { PartNames } from '../../request/notice-headers.ts';
import { checkInput, decodeConversation, readConversation } from './decode-conversation.ts';
import { decodeFormat, decodeOptions } from './decode-options.ts';
import { decodeTools, type Offer } from './decode-tools.ts';
import { toStoredItems } from '../../items/stored-items.ts';
import type { RequestBody } from './request-schema.ts';

/** What a body is decoded with. */
export interface Knowledge {
  readonly recollection: ResolvedReferences;
  readonly unseal: Unseal;
  readonly compatibility: Compatibility;
}

export interface TurnRules {
  /** Whether something has to be said. */
  readonly needsInput: boolean;
  /** True if no model is asked, so that calls may still wait for their results. */
  readonly mayStayOpen?: boolean;
  readonly maxTokens?: number | undefined;
}

/** What a body asks of the model. */
export interface DecodedTurn {
  readonly request: TurnRequest;
  /** What it adds to the conversation: Responses API items, each with an id. */
  readonly input: readonly JsonObject[];
  readonly offer: Offer;
  /** What the body calls the parts of the turn request. */
  readonly partNames: PartNames;
}

export function* decodeTurn(
  body: RequestBody,
  { recollection, unseal, compatibility }: Knowledge,
  { needsInput, mayStayOpen = false, maxTokens }: TurnRules,
): Steps<DecodedTurn> {
  const entries = yield* readConversation(body, recollection, compatibility);
  if (needsInput) checkInput(body, entries);
  const offer = yield* decodeTools(body, entries.hasTools, compatibility);
  const turn = {
    model: body.model,
    items: yield* decodeConversation(body, entries, { ...offer, mayStayOpen }, unseal),
    tools: offer.tools,
    passthroughTools: offer.passthroughTools,
    singleCall: body.parallel_tool_calls === false,
    webSearch: offer.webSearch,
    ...decodeOptions(body),
  };
  const format = decodeFormat(body);
  return {
    request: { turn, n: 1, callRequired: offer.callRequired, format, stop: [], maxTokens },
    input: yield* toStoredItems(entries.own, recollection.history),
    offer,
    partNames: namesOfParts(offer),
  };
}

function namesOfParts({ webSearchPath }: Offer): PartNames {
  return {
    reasoningEffort: 'reasoning.effort',
    verbosity: 'text.verbosity',
    serviceTier: 'service_tier',
    format: 'text.format',
    webSearch: webSearchPath,
    callRequired: 'tool_choice',
  };
}
