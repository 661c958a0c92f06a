import { GatewayError } from '../../../base/errors.ts';
import type { ReasoningSummary, TurnOptions } from '../../../conversation/turn.ts';
import type { AnswerFormat } from '../../../conversation/turn-request.ts';
import type { Compatibility } from '../../request/compatibility.ts';
import { decodeSchemaFormat } from '../../vocabulary/decode-schema-format.ts';
import { decodeServiceTier } from '../../vocabulary/decode-service-tier.ts';
import { unsupportedField } from '../../request/refusals.ts';
import type { RequestBody } from './request-schema.ts';

/** Values of `include` that have an effect. */
const INCLUDABLE: readonly unknown[] = ['reasoning.encrypted_content', 'web_search_call.action.sources'];

/** Decodes the options of the turn. */
export function decodeResponseOptions({ reasoning, text, service_tier: tier }: RequestBody): TurnOptions & {
  readonly reasoningSummary: ReasoningSummary;
} {
  return {
    reasoningEffort: reasoning?.effort ?? undefined,
    verbosity: text?.verbosity ?? undefined,
    serviceTier: decodeServiceTier(tier ?? 'auto'),
    reasoningSummary: summaryOf(reasoning) ?? 'none',
  };
}

/** Returns the requested length of reasoning summaries, also by its former name. */
export function summaryOf(reasoning: RequestBody['reasoning']) {
  return reasoning?.summary ?? reasoning?.generate_summary ?? undefined;
}

/** Decodes `text.format`, which has the schema next to its type. */
export function decodeTextFormat({ text }: RequestBody): AnswerFormat {
  const format = text?.format ?? { type: 'text' };
  if (format.type === 'json_schema') return decodeSchemaFormat(format, ['text', 'format']);
  return { type: format.type === 'json_object' ? 'json-object' : 'text' };
}

/** Decodes `include`; values without effect are ignored or refused. */
export function decodeIncludeField(
  { include }: RequestBody,
  compatibility: Compatibility,
): ReadonlySet<string> {
  const included = new Set<string>();
  for (const [index, value] of (include ?? []).entries()) {
    const path = ['include', index];
    if (INCLUDABLE.includes(value)) included.add(value as string);
    else if (value === 'message.output_text.logprobs') throw unsupportedField(path);
    else compatibility.ignore(path, () => unsupportedField(path));
  }
  return included;
}

/** Returns true if the response is to be stored, as background responses must be. */
export function decodeStore(body: RequestBody, stores: boolean, compatibility: Compatibility): boolean {
  if (body.store === true && !stores) compatibility.ignore(['store'], () => unsupportedField(['store']));
  const store = stores && (body.store ?? true);
  if (!body.background || store) return store;
  const why = stores ? "it needs 'store' to be true" : 'this gateway stores no responses, which it needs';
  throw new GatewayError('invalid_value', `Invalid 'background': ${why}.`, { param: 'background' });
}
