import { z } from 'zod';
import { excerpt } from '../../base/excerpt.ts';
import type { JsonPath } from '../../base/json-path.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { decodeValue } from '../request/decode-body.ts';
import { checkFields, type Fields } from '../request/fields.ts';
import { unsupported } from '../request/refusals.ts';

export interface PartRules<Kind extends string> {
  /** Types that a part may have in its place. */
  readonly allowed: readonly Kind[];
  readonly compatibility: Compatibility;
}

const partSchema = z.object({ type: z.string() });

/** Returns the type of a content part; throws if it is not allowed, and ignores unknown fields with a notice. */
export function checkPart<Kind extends string>(
  part: unknown,
  path: JsonPath,
  { allowed, compatibility }: PartRules<Kind>,
  fields: Readonly<Record<Kind, Fields>>,
): Kind {
  const { type } = decodeValue(partSchema, part, path);
  const kind = allowed.find((candidate) => candidate === type);
  if (kind === undefined) {
    const why = `is a part of type '${excerpt(type)}'; supported here: ${allowed.join(', ')}`;
    throw unsupported(path, why);
  }
  checkFields(part as object, fields[kind], path, compatibility);
  return kind;
}
