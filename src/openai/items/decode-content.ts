import { z } from 'zod';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import type { Part } from '../../conversation/item.ts';
import { checkPart, type PartRules } from '../vocabulary/check-part.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { decodeValue } from '../request/decode-body.ts';
import { decodeFile } from '../vocabulary/decode-file.ts';
import { invalidValue } from '../request/refusals.ts';
import { accepted, ignored, mapped, refused, type Fields } from '../request/fields.ts';
import { INSTEAD_OF_FILE_ID } from '../request/shared-fields.ts';

const TYPE = mapped('the type of the part');

const CACHE_BREAKPOINT = ignored('as `prompt_cache_options`');

const TEXT: Fields = {
  type: TYPE,
  text: mapped('text'),
  annotations: accepted('clients send back what an answer contained'),
  logprobs: accepted('clients send back what an answer contained'),
  prompt_cache_breakpoint: CACHE_BREAKPOINT,
};

const INSTEAD_OF_IMAGE_ID = 'Send the image in image_url, as a base64 data URL or an http(s) URL.';

/** Fields of each type of content parts. */
export const CONTENT_PART_FIELDS = {
  input_text: TEXT,
  output_text: TEXT,
  text: TEXT,
  refusal: { type: TYPE, refusal: mapped('text') },
  input_image: {
    type: TYPE,
    image_url: mapped('the image'),
    detail: mapped('the level of detail'),
    file_id: refused('the gateway stores no files', { advice: INSTEAD_OF_IMAGE_ID }),
    prompt_cache_breakpoint: CACHE_BREAKPOINT,
  },
  input_file: {
    type: TYPE,
    file_data: mapped('the text of the file'),
    filename: mapped('the name of the file'),
    file_id: refused('the gateway stores no files', { advice: INSTEAD_OF_FILE_ID }),
    file_url: refused('the gateway fetches no files', { advice: INSTEAD_OF_FILE_ID }),
    detail: ignored('it has no meaning for text'),
    prompt_cache_breakpoint: CACHE_BREAKPOINT,
  },
} as const satisfies Record<string, Fields>;

const textPartSchema = z.object({ text: z.string() });
const refusalPartSchema = z.object({ refusal: z.string() });
const imagePartSchema = z.object({
  image_url: z.string(),
  detail: z.enum(['auto', 'low', 'high', 'original']).nullish(),
});
const filePartSchema = z.object({ file_data: z.string().nullish(), filename: z.string().nullish() });

export type PartType = keyof typeof CONTENT_PART_FIELDS;

type Decode = (part: unknown, path: JsonPath, compatibility: Compatibility) => Part;

const decodeText: Decode = (part, path) => ({
  type: 'text',
  text: decodeValue(textPartSchema, part, path).text,
});

const DECODERS: Readonly<Record<PartType, Decode>> = {
  input_text: decodeText,
  output_text: decodeText,
  text: decodeText,
  refusal: (part, path) => ({ type: 'text', text: decodeValue(refusalPartSchema, part, path).refusal }),
  input_image(part, path) {
    const { image_url: url, detail } = decodeValue(imagePartSchema, part, path);
    return { type: 'image', url, detail: detail ?? 'auto', path: formatPath([...path, 'image_url']) };
  },
  input_file(part, path, compatibility) {
    const text = decodeFile(decodeValue(filePartSchema, part, path), path);
    compatibility.adjust({ path: formatPath(path), from: 'file', to: 'text' });
    return { type: 'text', text };
  },
};

/** Decodes the content of an item: a text, or at least one part. */
export function decodeContent(
  content: string | readonly unknown[],
  path: JsonPath,
  rules: PartRules<PartType>,
): Part[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (content.length === 0) throw invalidValue(path, 'expected at least one part');
  return content.map((part, index) => decodePart(part, [...path, index], rules));
}

function decodePart(part: unknown, path: JsonPath, rules: PartRules<PartType>): Part {
  const type = checkPart(part, path, rules, CONTENT_PART_FIELDS);
  return DECODERS[type](part, path, rules.compatibility);
}
