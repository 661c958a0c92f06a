import type { GatewayError } from '../../base/errors.ts';
import { isJsonObject } from '../../base/json.ts';
import { valueAt, type JsonPath } from '../../base/json-path.ts';
import type { Compatibility } from './compatibility.ts';
import { unknownField, unsupportedField, unsupportedValue } from './refusals.ts';

/**
 * Verdict on a field: sent to the provider (`mapped`), done by the gateway (`emulated`), without effect on an answer
 * (`accepted`), left out with a notice (`ignored`), or a 400 (`refused`).
 */
type Verdict = 'mapped' | 'emulated' | 'accepted' | 'ignored' | 'refused';

export interface Field {
  readonly verdict: Verdict;
  /** Returns true for a value that asks for what happens anyway. It passes without a notice, as `null` always does. */
  readonly neutral?: (value: unknown) => boolean;
  /** Returns true for a value that is refused although the field is not. */
  readonly refuses?: (value: unknown) => boolean;
  /** The only value that the models support, for an error. */
  readonly supportedValue?: string | number;
  /** A sentence for a refusal that says what to send instead. */
  readonly advice?: string;
  /** The verdict in a few words, for the tables in the documentation. */
  readonly note: string;
}

/** Creates a test for `neutral`: whether a value is one of these. */
export const oneOf =
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

/** Returns true for an empty list, for `neutral`. */
export const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0;

/** The fields that one kind of object may have. */
export type Fields = Readonly<Record<string, Field>>;

/**
 * Ignores or refuses fields that are unknown or cannot be honored. Expects the value as it was parsed, and looks at each key
 * once, because a body may hold millions.
 */
export function checkFields(
  value: object,
  fields: Fields,
  path: JsonPath,
  compatibility: Compatibility,
): void {
  for (const key in value) {
    const field = (value as Record<string, unknown>)[key];
    if (!Object.hasOwn(fields, key)) compatibility.ignore([...path, key], () => unknownField([...path, key]));
    else if (field !== null && field !== undefined)
      checkField(fields[key]!, field, [...path, key], compatibility);
  }
}

/** Fields of options that are objects, by the path of the option, such as `text.format`. */
export type OptionFields = Readonly<Record<string, Fields>>;

/** Ignores or refuses fields of options that are unknown or cannot be honored. */
export function checkOptionFields(body: object, options: OptionFields, compatibility: Compatibility): void {
  for (const [name, fields] of Object.entries(options)) {
    const path = name.split('.');
    const option = valueAt(body, path);
    if (isJsonObject(option)) checkFields(option, fields, path, compatibility);
  }
}

function checkField(field: Field, value: unknown, path: JsonPath, compatibility: Compatibility): void {
  if (field.neutral?.(value)) return;
  if (field.verdict === 'refused' || field.refuses?.(value)) throw refusalOf(field, value, path);
  if (field.verdict === 'ignored') compatibility.ignore(path, () => refusalOf(field, value, path));
}

function refusalOf({ supportedValue, advice }: Field, value: unknown, path: JsonPath): GatewayError {
  if (supportedValue === undefined) return unsupportedField(path, advice);
  return unsupportedValue(path, value, `Only the default (${supportedValue}) value is supported.`);
}
