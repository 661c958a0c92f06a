import type { TurnOptions, WebSearch } from '../../conversation/turn.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { decodeValue } from '../request/decode-body.ts';
import { decodeServiceTier } from '../vocabulary/decode-service-tier.ts';
import { limitSchema, type ChatBody } from './schema.ts';

type PartName = keyof TurnOptions | 'format' | 'callRequired' | 'webSearch';

/** What the caller's body calls the parts of a turn request; some have two names, of which one was used. */
export function namesOfParts(
  chat: ChatBody,
  { nameOf }: Compatibility,
  legacyCalls: boolean,
): Readonly<Record<PartName, string>> {
  return {
    reasoningEffort: nameOf(chat.reasoning_effort ? ['reasoning_effort'] : ['reasoning', 'effort']),
    verbosity: nameOf(['verbosity']),
    serviceTier: nameOf(['service_tier']),
    format: nameOf(['response_format']),
    webSearch: nameOf(['web_search_options']),
    callRequired: nameOf([legacyCalls ? 'function_call' : 'tool_choice']),
  };
}

export function decodeOptions(chat: ChatBody): TurnOptions {
  return {
    reasoningEffort: chat.reasoning_effort ?? chat.reasoning?.effort ?? undefined,
    verbosity: chat.verbosity ?? undefined,
    serviceTier: decodeServiceTier(chat.service_tier ?? 'auto'),
  };
}

export function decodeWebSearch({ web_search_options: options }: ChatBody): WebSearch | undefined {
  if (!options) return undefined;
  return {
    contextSize: options.search_context_size ?? undefined,
    location: options.user_location?.approximate,
  };
}

/** `max_completion_tokens`, or `max_tokens` as it was called before. */
export function decodeLimit(body: object): number | undefined {
  const limits = decodeValue(limitSchema, body, []);
  return limits.max_completion_tokens ?? limits.max_tokens ?? undefined;
}
