import { formatPath, type JsonPath } from '../../base/json-path.ts';
import type { Part } from '../../conversation/item.ts';
import { checkPart, type PartRules } from '../vocabulary/check-part.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { decodeValue } from '../request/decode-body.ts';
import { checkFields } from '../request/fields.ts';
import { decodeFile } from '../vocabulary/decode-file.ts';
import { FILE_FIELDS, IMAGE_URL_FIELDS, PART_FIELDS } from './fields.ts';
import { filePartSchema, imagePartSchema, refusalPartSchema, textPartSchema } from './schema.ts';

/** Supported `type` of a content part. */
export type PartKind = keyof typeof PART_FIELDS;

type Decode = (part: object, path: JsonPath, compatibility: Compatibility) => Part;

const DECODERS: Readonly<Record<PartKind, Decode>> = {
  text: decodeText,
  input_text: decodeText,
  output_text: decodeText,
  refusal: (part, path) => ({ type: 'text', text: decodeValue(refusalPartSchema, part, path).refusal }),
  image_url: decodeImage,
  file: decodeFilePart,
};

/** Decodes one part of a message's content. */
export function decodePart(value: unknown, path: JsonPath, rules: PartRules<PartKind>): Part {
  const kind = checkPart(value, path, rules, PART_FIELDS);
  return DECODERS[kind](value as object, path, rules.compatibility);
}

function decodeText(part: object, path: JsonPath): Part {
  return { type: 'text', text: decodeValue(textPartSchema, part, path).text };
}

function decodeImage(part: object, path: JsonPath, compatibility: Compatibility): Part {
  const { image_url: image } = decodeValue(imagePartSchema, part, path);
  const imagePath: JsonPath = [...path, 'image_url'];
  checkFields((part as { image_url: object }).image_url, IMAGE_URL_FIELDS, imagePath, compatibility);
  return { type: 'image', url: image.url, detail: image.detail ?? 'auto', path: formatPath(imagePath) };
}

function decodeFilePart(part: object, path: JsonPath, compatibility: Compatibility): Part {
  const { file } = decodeValue(filePartSchema, part, path);
  const filePath: JsonPath = [...path, 'file'];
  checkFields((part as { file: object }).file, FILE_FIELDS, filePath, compatibility);
  compatibility.adjust({ path: formatPath(filePath), from: 'file', to: 'text' });
  return { type: 'text', text: decodeFile(file, filePath) };
}
