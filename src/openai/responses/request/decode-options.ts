import { GatewayError } from '../../../base/errors.ts';
import type { ReasoningSummary, TurnOptions } from '../../../conversation/turn.ts';
import type { AnswerFormat } from '../../../conversation/turn-request.ts';
import type { Compatibility } from '../../request/compatibility.ts';
import { decodeSchemaFormat } from '../../vocabulary/decode-schema-format.ts';
import { decodeServiceTier } from '../../vocabulary/decode-service-tier.ts';
import { unsupportedField } from '../../request/refusals.ts';
import type { RequestBody } from './request-schema.ts';

/** What of `include` is told. */
const INCLUDED: readonly unknown[] = ['reasoning.encrypted_content', 'web_search_call.action.sources'];

export function decodeOptions({ reasoning, text, service_tier: tier }: RequestBody): TurnOptions & {
  readonly reasoningSummary: ReasoningSummary;
} {
  return {
    reasoningEffort: reasoning?.effort ?? undefined,
    verbosity: text?.verbosity ?? undefined,
    serviceTier: decodeServiceTier(tier ?? 'auto'),
    reasoningSummary: summaryOf(reasoning) ?? 'none',
  };
}

export function summaryOf(reasoning: RequestBody['reasoning']) {
  return reasoning?.summary ?? reasoning?.generate_summary ?? undefined;
}

/** `text.format`, with the schema beside its type. */
export function decodeFormat({ text }: RequestBody): AnswerFormat {
  const format = text?.format ?? { type: 'text' };
  if (format.type === 'json_schema') return decodeSchemaFormat(format, ['text', 'format']);
  return { type: format.type === 'json_object' ? 'json-object' : 'text' };
}

export function decodeInclude({ include }: RequestBody, compatibility: Compatibility): ReadonlySet<string> {
  const told = new Set<string>();
  for (const [index, value] of (include ?? []).entries()) {
    const place = ['include', index];
    if (INCLUDED.includes(value)) told.add(value as string);
    else if (value === 'message.output_text.logprobs') throw unsupportedField(place);
    else compatibility.ignore(place, () => unsupportedField(place));
  }
  return told;
}

/** Whether the response is to be kept; one that its client does not wait for has to be. */
export function decodeStore(body: RequestBody, stores: boolean, compatibility: Compatibility): boolean {
  if (body.store === true && !stores) compatibility.ignore(['store'], () => unsupportedField(['store']));
  const store = stores && (body.store ?? true);
  if (!body.background || store) return store;
  const why = stores ? "it needs 'store' to be true" : 'this gateway keeps no responses, which it needs';
  throw new GatewayError('invalid_value', `Invalid 'background': ${why}.`, { param: 'background' });
}
