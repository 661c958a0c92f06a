import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { formatPath, valueAt } from '../../base/json-path.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { decodeValue } from '../request/decode-body.ts';
import { checkFields } from '../request/fields.ts';
import type { GivenNames } from '../request/given-names.ts';
import { invalidValue } from '../request/refusals.ts';
import { TEXT_FIELDS, TEXT_FORMAT_FIELDS } from '../request/shared-fields.ts';
import { chatBodySchema } from '../items/schema.ts';

interface Move {
  /** Where it stands in the body of a Responses request. */
  readonly from: readonly string[];
  /** The field of a chat completion request. */
  readonly to: string;
  /** Paths below the field that are no deeper there than itself. */
  readonly flat?: readonly string[];
  readonly convert?: (value: unknown) => unknown;
}

/** Fields that stand elsewhere in the body of a Responses request. */
const MOVES: readonly Move[] = [
  { from: ['max_output_tokens'], to: 'max_completion_tokens' },
  { from: ['text', 'verbosity'], to: 'verbosity' },
  {
    from: ['text', 'format'],
    to: 'response_format',
    flat: ['response_format.json_schema'],
    convert: nestSchema,
  },
];

export interface ChatShape {
  /** The body, to which the fields of a chat completion are added. */
  readonly body: JsonObject;
  /** What those are called in the body as it came. */
  readonly names: GivenNames;
}

/** The body of a Responses request with the fields of a chat completion; one that it has by itself stays. */
export function toChatShape(given: JsonObject): ChatShape {
  decodeValue(chatBodySchema, given, []);
  const moves = MOVES.filter(({ from, to }) => isGiven(given, from) && !isGiven(given, [to]));
  const moved = moves.map(({ from, to, convert }) => {
    const value = valueAt(given, from);
    return [to, convert ? convert(value) : value];
  });
  const names = moves.flatMap(({ from, to, flat = [] }) =>
    [...flat, to].map((name) => [name, formatPath(from)]),
  );
  return { body: { ...given, ...Object.fromEntries(moved) }, names: Object.fromEntries(names) };
}

/** Leaves out, or refuses, what `text` holds beside what is known of it, and what stands under both of its names. */
export function checkRenamed(given: JsonObject, compatibility: Compatibility): void {
  const { text } = given;
  if (isJsonObject(text)) {
    checkFields(text, TEXT_FIELDS, ['text'], compatibility);
    if (isJsonObject(text.format))
      checkFields(text.format, TEXT_FORMAT_FIELDS, ['text', 'format'], compatibility);
  }
  for (const { from, to } of MOVES) {
    if (isGiven(given, from) && isGiven(given, [to]))
      compatibility.ignore(from, () => invalidValue(formatPath(from), `'${to}' stands beside it`));
  }
}

function isGiven(body: JsonObject, path: readonly string[]): boolean {
  return (valueAt(body, path) ?? null) !== null;
}

/** A schema stands beside the format's type there, and below it here. */
function nestSchema(format: unknown): unknown {
  if (!isJsonObject(format) || format.type !== 'json_schema') return format;
  const { type, ...schema } = format;
  return { type, json_schema: schema };
}
