import type { GatewayError } from '../../base/errors.ts';
import type { JsonPath } from '../../base/json-path.ts';
import type { Compatibility } from './compatibility.ts';
import { unknownField, unsupportedField, unsupportedValue } from './refusals.ts';

/**
 * What becomes of a field: it goes to the model's provider, is done by the gateway, changes no answer, is left out
 * visibly, or is a 400.
 */
type Verdict = 'mapped' | 'emulated' | 'accepted' | 'ignored' | 'refused';

export interface Field {
  readonly verdict: Verdict;
  /** Whether the value asks for what happens anyway, as `null` always does: it passes without a word. */
  readonly neutral?: (value: unknown) => boolean;
  /** Whether a value is refused, although the field is not. */
  readonly refuses?: (value: unknown) => boolean;
  /** The one value that models have, as an error tells it. */
  readonly only?: string | number;
  /** A sentence with which a refusal says what to send instead. */
  readonly advice?: string;
  /** Describes the treatment in a few words, for the documentation. */
  readonly note: string;
}

/** For `neutral`. */
export const only =
  (...values: readonly unknown[]) =>
  (value: unknown) =>
    values.includes(value);

export const mapped = (note: string): Field => ({ verdict: 'mapped', note });
export const emulated = (note: string): Field => ({ verdict: 'emulated', note });
export const accepted = (note: string): Field => ({ verdict: 'accepted', note });
export const ignored = (note: string, more: Partial<Field> = {}): Field => ({
  verdict: 'ignored',
  note,
  ...more,
});
export const refused = (note: string, more: Partial<Field> = {}): Field => ({
  verdict: 'refused',
  note,
  ...more,
});

/** What may stand in one kind of object. */
export type Fields = Readonly<Record<string, Field>>;

/**
 * Leaves out, or refuses, whatever is unknown or cannot be done. It takes the value as it was parsed and looks at each
 * key once: a body may hold millions.
 */
export function checkFields(
  value: object,
  fields: Fields,
  place: JsonPath,
  compatibility: Compatibility,
): void {
  for (const key in value) {
    const field = (value as Record<string, unknown>)[key];
    if (!Object.hasOwn(fields, key))
      compatibility.ignore([...place, key], () => unknownField([...place, key]));
    else if (field !== null && field !== undefined)
      checkField(fields[key]!, field, [...place, key], compatibility);
  }
}

function checkField(rule: Field, value: unknown, path: JsonPath, compatibility: Compatibility): void {
  if (rule.neutral?.(value)) return;
  if (rule.verdict === 'refused' || rule.refuses?.(value)) throw refusalOf(rule, value, path);
  if (rule.verdict === 'ignored') compatibility.ignore(path, () => refusalOf(rule, value, path));
}

function refusalOf({ only, advice }: Field, value: unknown, path: JsonPath): GatewayError {
  if (only === undefined) return unsupportedField(path, advice);
  return unsupportedValue(path, value, `Only the default (${only}) value is supported.`);
}
