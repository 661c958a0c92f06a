import { z } from 'zod';
import { excerpt } from '../../base/excerpt.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { decodeValue } from '../request/decode-body.ts';
import { checkFields, type Fields } from '../request/fields.ts';
import { unsupported } from '../request/refusals.ts';

export interface PartRules<Kind extends string> {
  /** The kinds that may stand here. */
  readonly allowed: readonly Kind[];
  readonly compatibility: Compatibility;
}

const partSchema = z.object({ type: z.string() });

/** The kind of a content part; throws where it may not stand here, and leaves out visibly what is unknown in it. */
export function checkPart<Kind extends string>(
  part: unknown,
  place: JsonPath,
  { allowed, compatibility }: PartRules<Kind>,
  fields: Readonly<Record<Kind, Fields>>,
): Kind {
  const { type } = decodeValue(partSchema, part, place);
  const kind = allowed.find((candidate) => candidate === type);
  if (kind === undefined) {
    const why = `is a part of type '${excerpt(type)}'; supported here: ${allowed.join(', ')}`;
    throw unsupported(formatPath(place), why);
  }
  checkFields(part as object, fields[kind], place, compatibility);
  return kind;
}
