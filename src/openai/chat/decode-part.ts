import { formatPath, type JsonPath } from '../../base/json-path.ts';
import type { Part } from '../../conversation/item.ts';
import { checkPart, type PartRules } from '../vocabulary/check-part.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { decodeValue } from '../request/decode-body.ts';
import { checkFields } from '../request/fields.ts';
import { decodeFile } from '../vocabulary/decode-file.ts';
import { FILE_FIELDS, IMAGE_URL_FIELDS, PART_FIELDS } from './fields.ts';
import { filePartSchema, imagePartSchema, refusalPartSchema, textPartSchema } from './schema.ts';

/** `type` of a content part, as far as it is supported. */
export type PartKind = keyof typeof PART_FIELDS;

type Decode = (part: object, place: JsonPath, compatibility: Compatibility) => Part;

const DECODERS: Readonly<Record<PartKind, Decode>> = {
  text: decodeText,
  input_text: decodeText,
  output_text: decodeText,
  refusal: (part, place) => ({ type: 'text', text: decodeValue(refusalPartSchema, part, place).refusal }),
  image_url: decodeImage,
  file: decodeFilePart,
};

/** Decodes one part of a message's content. */
export function decodePart(value: unknown, place: JsonPath, rules: PartRules<PartKind>): Part {
  const kind = checkPart(value, place, rules, PART_FIELDS);
  return DECODERS[kind](value as object, place, rules.compatibility);
}

function decodeText(part: object, place: JsonPath): Part {
  return { type: 'text', text: decodeValue(textPartSchema, part, place).text };
}

function decodeImage(part: object, place: JsonPath, compatibility: Compatibility): Part {
  const { image_url: image } = decodeValue(imagePartSchema, part, place);
  const path: JsonPath = [...place, 'image_url'];
  checkFields((part as { image_url: object }).image_url, IMAGE_URL_FIELDS, path, compatibility);
  return { type: 'image', url: image.url, detail: image.detail ?? 'auto', path: formatPath(path) };
}

function decodeFilePart(part: object, place: JsonPath, compatibility: Compatibility): Part {
  const { file } = decodeValue(filePartSchema, part, place);
  const path: JsonPath = [...place, 'file'];
  checkFields((part as { file: object }).file, FILE_FIELDS, path, compatibility);
  compatibility.adjust({ path: formatPath(path), from: 'file', to: 'text' });
  return { type: 'text', text: decodeFile(file, path) };
}
