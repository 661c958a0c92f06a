import { formatPath, type JsonPath } from '../../base/json-path.ts';
import type { Part } from '../../conversation/item.ts';
import { checkPart, type PartRules } from '../vocabulary/check-part.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { decodeValue } from '../request/decode-body.ts';
import { decodeFile } from '../vocabulary/decode-file.ts';
import { invalidValue } from '../request/refusals.ts';
import { accepted, ignored, mapped, refused, type Fields } from '../request/fields.ts';
import { INSTEAD_OF_FILE_ID } from '../request/shared-fields.ts';
import { filePartSchema, imagePartSchema, refusalPartSchema, textPartSchema } from './schema.ts';

const TYPE = mapped('the kind');

const CACHE_BREAKPOINT = ignored('as `prompt_cache_options`');

const TEXT: Fields = {
  type: TYPE,
  text: mapped('text'),
  annotations: accepted('told by the answer'),
  logprobs: accepted('told by the answer'),
  prompt_cache_breakpoint: CACHE_BREAKPOINT,
};

const INSTEAD_OF_IMAGE_ID = 'Send the image in image_url, as a base64 data URL or an http(s) URL.';

/** What a content part of each kind may hold. */
export const PART_FIELDS = {
  input_text: TEXT,
  output_text: TEXT,
  text: TEXT,
  refusal: { type: TYPE, refusal: mapped('text') },
  input_image: {
    type: TYPE,
    image_url: mapped('the image'),
    detail: mapped('its detail'),
    file_id: refused('files are not kept', { advice: INSTEAD_OF_IMAGE_ID }),
    prompt_cache_breakpoint: CACHE_BREAKPOINT,
  },
  input_file: {
    type: TYPE,
    file_data: mapped('its text'),
    filename: mapped('its name'),
    file_id: refused('files are not kept', { advice: INSTEAD_OF_FILE_ID }),
    file_url: refused('files are not fetched', { advice: INSTEAD_OF_FILE_ID }),
    detail: ignored('a text has none'),
    prompt_cache_breakpoint: CACHE_BREAKPOINT,
  },
} as const satisfies Record<string, Fields>;

/** `type` of a content part, as far as it is supported. */
export type PartKind = keyof typeof PART_FIELDS;

type Decode = (part: unknown, place: JsonPath, compatibility: Compatibility) => Part;

const decodeText: Decode = (part, place) => ({
  type: 'text',
  text: decodeValue(textPartSchema, part, place).text,
});

const DECODERS: Readonly<Record<PartKind, Decode>> = {
  input_text: decodeText,
  output_text: decodeText,
  text: decodeText,
  refusal: (part, place) => ({ type: 'text', text: decodeValue(refusalPartSchema, part, place).refusal }),
  input_image(part, place) {
    const { image_url: url, detail } = decodeValue(imagePartSchema, part, place);
    return { type: 'image', url, detail: detail ?? 'auto', path: formatPath([...place, 'image_url']) };
  },
  input_file(part, place, compatibility) {
    const text = decodeFile(decodeValue(filePartSchema, part, place), place);
    compatibility.adjust({ path: formatPath(place), from: 'file', to: 'text' });
    return { type: 'text', text };
  },
};

/** The content of an item: a text, or at least one part. */
export function decodeContent(
  content: string | readonly unknown[],
  place: JsonPath,
  rules: PartRules<PartKind>,
): Part[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (content.length === 0) throw invalidValue(formatPath(place), 'expected at least one part');
  return content.map((part, index) => decodePart(part, [...place, index], rules));
}

function decodePart(part: unknown, place: JsonPath, rules: PartRules<PartKind>): Part {
  const kind = checkPart(part, place, rules, PART_FIELDS);
  return DECODERS[kind](part, place, rules.compatibility);
}
